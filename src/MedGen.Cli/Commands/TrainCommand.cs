using System.CommandLine;
using MedGen.Cli.Output;
using MedGen.Media;
using MedGen.Training.ImagingModality;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen train modality</c>, and the other trainings.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Option<string> data = new("--data") { Description = "Folder with manifest.csv and the files that it names.", Required = true };
        Option<string> output = new("--out") { Description = "Folder for weights, evaluation and log.", Required = true };
        Option<int> seed = new("--seed") { Description = "Seed of everything that is drawn.", DefaultValueFactory = _ => 1 };
        Option<int> folds = new("--folds") { Description = "Folds of the cross-validation by group; 0: none.", DefaultValueFactory = _ => 4 };
        Option<int> steps = new("--steps") { Description = "Optimiser steps of each network.", DefaultValueFactory = _ => 1600 };
        Option<bool> resume = new("--resume") { Description = "Keep the networks that an interrupted run has finished." };
        Option<bool> json = new("--json") { Description = "One JSON object a line on standard output, and nothing else there." };
        Command modality = new("modality", "Trains the imaging-modality classifier, cross-validated by group_id.") { data, output, seed, folds, steps, resume, json };
        modality.SetAction(async (parsed, cancellationToken) =>
        {
            ModalityTrainingOptions options = new()
            {
                DataFolder = parsed.GetRequiredValue(data),
                OutputFolder = parsed.GetRequiredValue(output),
                Seed = parsed.GetValue(seed),
                Folds = parsed.GetValue(folds),
                Steps = parsed.GetValue(steps),
                Resume = parsed.GetValue(resume),
            };
            return await RunAsync(options, parsed.GetValue(json), cancellationToken);
        });
        return new Command("train", "Trains models on your own data.") { modality, TrainPhasesCommand.Create() };
    }

    private static async Task<int> RunAsync(ModalityTrainingOptions options, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();
        ModalityTrainer trainer = new(services.GetRequiredService<IVideoReader>());
        await Terminal.WithProgressAsync(json, async report =>
        {
            return await trainer.RunAsync(options, new TrainingReport(json, report), cancellationToken);
        });
        string evaluation = Path.Combine(options.OutputFolder, "EVALUATION.md");
        if (!json && options.Folds > 0)
        {
            Terminal.Line(await File.ReadAllTextAsync(evaluation, cancellationToken));
        }

        return ExitCode.Success;
    }
}
