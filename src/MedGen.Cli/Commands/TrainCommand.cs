using System.CommandLine;
using MedGen.Abstractions.Errors;
using MedGen.Cli.Output;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Training.ImagingModality;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen train RECIPE</c>, and the trainings of classifiers.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        // Neither is marked as required: a required argument or option of a command also binds its subcommands.
        Argument<string?> recipe = new("recipe") { Description = "Recipe, a JSON file: docs/training.md.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> output = new("--out") { Description = "Folder for model, checkpoints, samples and logs." };
        Option<bool> resume = new("--resume") { Description = "Go on from the checkpoints in the folder." };
        Option<string> device = new("--device") { Description = "cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
        Option<string?> dtype = new("--dtype") { Description = "float32 or bfloat16, instead of what the recipe says." };
        Option<string?> basis = new("--base") { Description = "Model folder to start from, instead of the recipe's." };
        Option<string[]> data = new("--data") { Description = "NAME=DIR: the folder of a data source, instead of the recipe's; may be repeated." };
        Option<string?> cache = new("--cache") { Description = "Folder for decoded clips and latents; several trainings may share it. Default: in --out." };
        Option<bool> json = new("--json") { Description = "One JSON object a line on standard output, and nothing else there." };
        Command train = new("train", "Trains models on your own data: by a recipe, or a classifier.")
        {
            recipe, output, resume, device, dtype, basis, data, cache, json, Modality(), TrainPhasesCommand.Create(),
        };
        train.SetAction(async (parsed, cancellationToken) =>
        {
            TrainingRecipe read = RecipeReader.Read(parsed.GetValue(recipe) ?? throw new InvalidInputException("recipe", "is missing; 'medgen train RECIPE --out DIR' trains by a recipe."));
            TrainingOptions options = new()
            {
                OutputFolder = parsed.GetValue(output) ?? throw new InvalidInputException("--out", "is missing; a folder is expected."),
                Resume = parsed.GetValue(resume),
                Device = parsed.GetRequiredValue(device),
                Dtype = parsed.GetValue(dtype),
                CacheFolder = parsed.GetValue(cache),
            };
            read = DataFolders.Apply(read, parsed.GetValue(data) ?? []);
            read = parsed.GetValue(basis) is { } folder ? read with { Base = Path.GetFullPath(folder) } : read;
            return await RunAsync(read, options, parsed.GetValue(json), cancellationToken);
        });
        return train;
    }

    private static async Task<int> RunAsync(TrainingRecipe recipe, TrainingOptions options, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = Services();
        ModelTrainer trainer = new(services.GetRequiredService<IVideoReader>(), PhantomCatalog.All);
        await Terminal.WithProgressAsync(json, async report =>
        {
            await trainer.RunAsync(recipe, options, new RecipeReport(json, report), cancellationToken);
            return 0;
        });
        if (!json)
        {
            Terminal.Line($"The model lies in {Path.Combine(options.OutputFolder, ModelTrainer.ModelFolderName)}.");
        }

        return ExitCode.Success;
    }

    private static Command Modality()
    {
        Option<string> data = new("--data") { Description = "Folder with manifest.csv and the files that it names.", Required = true };
        Option<string> output = new("--out") { Description = "Folder for weights, evaluation and log.", Required = true };
        Option<int> seed = new("--seed") { Description = "Seed of everything that is drawn.", DefaultValueFactory = _ => 1 };
        Option<int> folds = new("--folds") { Description = "Folds of the cross-validation by group; 0: none.", DefaultValueFactory = _ => ModalityTrainingOptions.DefaultFolds };
        Option<int> steps = new("--steps") { Description = "Optimiser steps of each network.", DefaultValueFactory = _ => ModalityTrainingOptions.DefaultSteps };
        Option<PhantomUse> phantoms = new("--phantoms") { Description = "Simulated clips: none, added to the real ones, or only they.", DefaultValueFactory = _ => PhantomUse.None };
        Option<int> unreadable = new("--max-unreadable") { Description = "So many files that cannot be decoded are named and skipped; one more ends the training.", DefaultValueFactory = _ => ModalityTrainingOptions.DefaultMaxUnreadable };
        Option<bool> resume = new("--resume") { Description = "Keep the networks that an interrupted run has finished." };
        Option<bool> json = new("--json") { Description = "One JSON object a line on standard output, and nothing else there." };
        Command modality = new("modality", "Trains the imaging-modality classifier, cross-validated by group_id.") { data, output, seed, folds, steps, phantoms, unreadable, resume, json };
        modality.SetAction(async (parsed, cancellationToken) =>
        {
            ModalityTrainingOptions options = new()
            {
                DataFolder = parsed.GetRequiredValue(data),
                OutputFolder = parsed.GetRequiredValue(output),
                Seed = parsed.GetValue(seed),
                Folds = parsed.GetValue(folds),
                Steps = parsed.GetValue(steps),
                Phantoms = parsed.GetValue(phantoms),
                MaxUnreadable = parsed.GetValue(unreadable),
                Resume = parsed.GetValue(resume),
            };
            return await RunModalityAsync(options, parsed.GetValue(json), cancellationToken);
        });
        return modality;
    }

    private static async Task<int> RunModalityAsync(ModalityTrainingOptions options, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = Services();
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

    private static ServiceProvider Services() => new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();

    private sealed class RecipeReport(bool json, Action<string, double> show) : IProgress<TrainingProgress>
    {
        void IProgress<TrainingProgress>.Report(TrainingProgress value)
        {
            if (json)
            {
                JsonLines.Write(value);
                return;
            }

            string numbers = string.Concat(
                value.Loss is { } loss ? $" loss {loss:0.0000}" : "",
                string.Concat(value.Metrics?.Select(metric => $" {metric.Key} {metric.Value:0.00}") ?? []),
                value.ClipsPerSecond is { } speed ? $" {speed:0.0} clips/s" : "");
            string text = $"{value.Run} {value.Stage ?? value.Event} {value.Done}/{value.Total}{numbers}{(value.Event is "prepare" or "warning" ? $" {value.Message}" : "")}";
            if (Console.IsErrorRedirected && value.Event is not ("train" or "prepare"))
            {
                // There are few of these, and each is worth a line.
                Console.Error.WriteLine(text);
                return;
            }

            show(text, (double)value.Done / Math.Max(1, value.Total));
        }
    }
}
