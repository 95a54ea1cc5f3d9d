using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Sdk.Errors;
using MedGen.Cli.Output;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Training;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen train RECIPE</c>; the trainings of classifiers are its subcommands.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        // Neither is marked as required: a required argument or option of a command also binds its subcommands.
        Argument<string?> recipe = new("recipe") { Description = "Recipe, a JSON file: docs/training.md.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> output = new("--out") { Description = "Folder for model, checkpoints, samples and logs." };
        Option<bool> resume = new("--resume") { Description = "Continue from the checkpoints in the folder." };
        Option<string> device = new("--device") { Description = "cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
        Option<string?> dtype = new("--dtype")
        {
            Description = "auto, float32 or bfloat16; overrides the recipe; auto: bfloat16 if the device supports it in hardware, "
                + "otherwise float32.",
        };
        Option<string?> basis = new("--base") { Description = "Model folder to start from; overrides the recipe." };
        Option<string[]> data = new("--data") { Description = "NAME=DIR: folder of a data source; overrides the recipe; may be repeated." };
        Option<string?> cache =
            new("--cache") { Description = "Folder for decoded clips and latents, which several trainings can share. Default: in --out." };
        Option<bool> tensorBoard = new("--tensorboard") { Description = "Write TensorBoard event files, too: OUT/tensorboard." };
        Option<bool> json = JsonOption.Create();
        Command train = new("train", "Trains a model by a recipe, or one of the classifiers, on your own data.")
        {
            recipe, output, resume, device, dtype, basis, data, cache, tensorBoard, json, TrainModalityCommand.Create(), TrainPhasesCommand.Create(),
            TrainMedicalCommand.Create(),
        };
        train.SetAction(async (parsed, cancellationToken) =>
        {
            TrainingRecipe read = RecipeReader.Read(
                parsed.GetValue(recipe)
                    ?? throw new InvalidInputException("recipe", "is missing; 'medgen train RECIPE --out DIR' trains by a recipe."));
            TrainingOptions options = new()
            {
                OutputFolder = parsed.GetValue(output) ?? throw new InvalidInputException("--out", "is missing; a folder is expected."),
                Resume = parsed.GetValue(resume),
                Device = parsed.GetRequiredValue(device),
                Dtype = parsed.GetValue(dtype),
                CacheFolder = parsed.GetValue(cache),
                WritesTensorBoard = parsed.GetValue(tensorBoard),
            };
            read = DataFolders.Apply(read, parsed.GetValue(data) ?? []);
            read = parsed.GetValue(basis) is { } folder ? read with { Base = Path.GetFullPath(folder) } : read;
            return await RunAsync(read, options, parsed.GetValue(json), cancellationToken);
        });
        return train;
    }

    private static async Task<int> RunAsync(TrainingRecipe recipe, TrainingOptions options, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = MediaServices.Create();
        ModelTrainer trainer = new(services.GetRequiredService<IVideoReader>(), PhantomCatalog.All);
        await Terminal.WithProgressAsync(json, async report =>
        {
            await trainer.RunAsync(recipe, options, new RecipeReport(json, report), cancellationToken);
            return 0;
        });
        if (!json)
        {
            Terminal.Line($"The model is in {Path.Combine(options.OutputFolder, ModelTrainer.ModelFolderName)}.");
        }

        return ExitCode.Success;
    }

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
            string text =
                $"{value.Run} {value.Stage ?? value.Event} "
                    + $"{value.Done}/{value.Total}{numbers}{(value.Event is "prepare" or "warning" ? $" {value.Message}" : "")}";
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
