using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Sdk.Errors;
using MedGen.Cli.Output;
using MedGen.Media;
using MedGen.Classifiers.Training.SurgicalPhase;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen train phases</c>.</summary>
internal static class TrainPhasesCommand
{
    public static Command Create()
    {
        Option<string?> data =
            new("--data") { Description = "Folder in the layout of Cholec80 (videos/, phase_annotations/) or AutoLaparo (videos/, labels/)." };
        Option<bool> simulate = new("--simulate") { Description = "Train on simulated cholecystectomies instead." };
        Option<string> output = new("--out") { Description = "Folder for weights, evaluation and log.", Required = true };
        Option<string?> split =
            new("--split") { Description = "Videos for training/validation/test in the order of their names, for instance 40/8/32." };
        Option<string?> splitFile = new("--split-file") { Description = "CSV file with the columns video and split (train, validation, test)." };
        Option<double> scale = new("--duration-scale")
        {
            Description = "Factor on the durations of simulated phases; 1: about 40 minutes per procedure.",
            DefaultValueFactory = _ => 0.25,
        };
        Option<int> seed = new("--seed") { Description = "Random seed.", DefaultValueFactory = _ => 1 };
        Option<int> steps = new("--frame-steps") { Description = "Optimiser steps of the frame network.", DefaultValueFactory = _ => 2000 };
        Option<int> epochs =
            new("--epochs") { Description = "Passes of the temporal network over the training videos.", DefaultValueFactory = _ => 25 };
        Option<bool> resume = new("--resume") { Description = "Continue an interrupted run: keep its views and its finished frame network." };
        Option<bool> json = JsonOption.Create();
        Command phases = new("phases", "Trains the surgical phase recogniser: frame features, then a causal temporal network.")
        {
            data, simulate, output, split, splitFile, scale, seed, steps, epochs, resume, json,
        };
        phases.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(data) is null != parsed.GetValue(simulate))
            {
                throw new InvalidInputException("data", "Give either --data or --simulate.");
            }

            PhaseTrainingOptions options = new()
            {
                DataFolder = parsed.GetValue(data),
                OutputFolder = parsed.GetRequiredValue(output),
                Split = parsed.GetValue(split),
                SplitFile = parsed.GetValue(splitFile),
                DurationScale = parsed.GetValue(scale),
                Seed = parsed.GetValue(seed),
                FrameSteps = parsed.GetValue(steps),
                Epochs = parsed.GetValue(epochs),
                Resume = parsed.GetValue(resume),
            };
            return await RunAsync(options, parsed.GetValue(json), cancellationToken);
        });
        return phases;
    }

    private static async Task<int> RunAsync(PhaseTrainingOptions options, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = MediaServices.Create();
        PhaseTrainer trainer = new(services.GetRequiredService<IVideoReader>());
        await Terminal.WithProgressAsync(json, async report => await trainer.RunAsync(options, new TrainingReport(json, report), cancellationToken));
        if (!json)
        {
            Terminal.Line(await File.ReadAllTextAsync(Path.Combine(options.OutputFolder, "EVALUATION.md"), cancellationToken));
        }

        return ExitCode.Success;
    }
}
