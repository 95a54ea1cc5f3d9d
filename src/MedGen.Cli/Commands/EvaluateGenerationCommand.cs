using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Evaluation.Generation;
using MedGen.Training.Recipes;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen evaluate generation</c>: measures a generating model; of medgen-mini by default.</summary>
internal static class EvaluateGenerationCommand
{
    private const string DefaultSpec = "recipes/medgen-mini/evaluation.json";

    public static Command Create()
    {
        Option<string> specification =
            new("--spec") { Description = "JSON file with the specification: docs/training.md.", DefaultValueFactory = _ => DefaultSpec };
        Option<string?> model = new("--model") { Description = "Model folder; overrides the specification." };
        Option<int?> seeds = new("--seeds") { Description = "Clips per prompt; overrides the specification." };
        Option<string[]> data = new("--data") { Description = "NAME=DIR: folder of a data source of the training recipe; may be repeated." };
        Option<string> output = new("--out")
        {
            Description = "Folder for the report, evaluation.json and a sheet of clips.",
            DefaultValueFactory = _ => "out/evaluation",
        };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "generation", "Measures a generating model: prompt adherence, reconstruction, distribution, motion, memorisation.") { specification,
            model, seeds, data, output, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            GenerationEvaluationSpec spec = GenerationEvaluationSpec.Read(parsed.GetRequiredValue(specification));
            spec = spec with
            {
                Model = parsed.GetValue(model) is { } folder ? Path.GetFullPath(folder) : spec.Model,
                Seeds = parsed.GetValue(seeds) ?? spec.Seeds,
            };
            TrainingRecipe recipe = DataFolders.Apply(RecipeReader.Read(spec.Training), parsed.GetValue(data) ?? []);
            (recipe, IReadOnlyList<string> missing) = DataFolders.WithoutMissing(recipe);
            foreach (string source in missing)
            {
                Console.Error.WriteLine(
                    $"note: the folder of source '{source}' is not here, so nothing is measured on it; --data {source}=DIR names one.");
            }

            await using ServiceProvider services = MediaServices.Create();
            GenerationEvaluator evaluator = new(services.GetRequiredService<IVideoReader>(), PhantomCatalog.All);
            string target = parsed.GetRequiredValue(output);
            GenerationEvaluation evaluation = await Terminal.WithProgressAsync(
                parsed.GetValue(json), report => evaluator.RunAsync(spec, recipe, target, report, cancellationToken));
            if (parsed.GetValue(json))
            {
                JsonLines.Write(evaluation);
            }
            else
            {
                Terminal.Line(await File.ReadAllTextAsync(Path.Combine(target, GenerationEvaluator.ReportName), cancellationToken));
            }

            return ExitCode.Success;
        });
        return command;
    }
}
