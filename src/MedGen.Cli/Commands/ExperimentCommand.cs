using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Evaluation.Experiments;
using MedGen.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen experiment</c>: the experiments of the paper's outlook, each a command.</summary>
internal static class ExperimentCommand
{
    private const string DefaultJudge = "models/modality-judge/modality.safetensors";
    private const string DefaultTraining = "recipes/medgen-mini/first-transformer.json";

    private static readonly string[] DefaultRecipes =
        [.. new[] { 32, 128, 512, 2048 }.Select(clips => FormattableString.Invariant($"recipes/ablations/data-{clips}.json"))];

    public static Command Create() => new("experiment", "Experiments on a generating model, with report and picture: docs/benchmark.md.")
    {
        Procedure(), CrossModal(), DataSize(), Rare(), Modalities(),
    };

    private static Command Procedure()
    {
        Option<string?> phases = new("--phases") { Description = "Weights of the phase recogniser. Default: the plugin's that comes along." };
        ModelOptions options = new();
        Command command = new("procedure", "Surgical procedure from text: phases and instruments, by recognisers, against simulated operations.")
        {
            phases,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, (task, media, show) => new ProcedureExperiment(media).RunAsync(
            task with { Phases = parsed.GetValue(phases) ?? DefaultFolders.PhaseWeights }, show, cancellationToken)));
        return command;
    }

    private static Command CrossModal()
    {
        Option<string?> reports = new("--reports") { Description = "JSON file with studies and sentences. Default: 14 of our own." };
        ModelOptions options = new();
        Command command = new("cross-modal", "From sentences of reports to imaging clips: agreement of modality, anatomy and finding.") { reports };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, (task, media, show) => new CrossModalExperiment(media).RunAsync(
            task, parsed.GetValue(reports), show, cancellationToken)));
        return command;
    }

    private static Command Rare()
    {
        Option<string> training = new("--training")
        {
            Description = "The recipe that trained the model.", DefaultValueFactory = _ => DefaultTraining,
        };
        ModelOptions options = new();
        Command command = new("rare", "Rare conditions: how often a concept is shown, against how often the model was trained on it.") { training };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, (task, media, show) => new RareExperiment(media).RunAsync(
            task with { Training = parsed.GetRequiredValue(training) }, show, cancellationToken)));
        return command;
    }

    private static Command Modalities()
    {
        ModelOptions options = new();
        Command command = new("modalities", "The same figures for every kind of clip side by side, against held-out simulated clips.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed, options, (task, media, show) => new ModalityExperiment(media).RunAsync(task, show, cancellationToken)));
        return command;
    }

    private static Command DataSize()
    {
        Option<string[]> recipes = new("--recipe")
        {
            Description = "Recipes that differ in the size of their data; two or more.", DefaultValueFactory = _ => DefaultRecipes,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int?> limit = new("--limit") { Description = "Most steps of each training. Default: what the recipes say." };
        Option<string> output = new("--out") { Description = "Folder for the trainings and the report; the same again goes on.", Required = true };
        Option<bool> json = JsonOption.Create();
        Command command = new("data-size", "Size of the data set against quality: trains by each recipe and compares held-out losses.")
        {
            recipes, limit, output, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using ServiceProvider services = MediaServices.Create();
            DataSizeExperiment experiment = new(services.GetRequiredService<IVideoReader>());
            string folder = Path.GetFullPath(parsed.GetRequiredValue(output));
            IReadOnlyList<DataSizeRow> rows = await Terminal.WithProgressAsync(parsed.GetValue(json), show => experiment.RunAsync(
                parsed.GetRequiredValue(recipes), folder, parsed.GetValue(limit), show, cancellationToken));
            return await ShowAsync(rows, folder, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, ModelOptions options, Func<ExperimentTask, ExperimentMedia, Action<string, double>, Task<ExperimentResult>> run)
    {
        ExperimentTask task = options.Read(parsed);
        bool json = parsed.GetValue(options.Json);
        await using ServiceProvider services = MediaServices.Create();
        ExperimentMedia media = new(services.GetRequiredService<IVideoReader>(), services.GetRequiredService<IVideoWriter>());
        ExperimentResult result = await Terminal.WithProgressAsync(json, show => run(task, media, show));
        return await ShowAsync(result, task.Output, json, CancellationToken.None);
    }

    private static async Task<int> ShowAsync<T>(T result, string folder, bool json, CancellationToken cancellationToken)
    {
        if (json)
        {
            JsonLines.Write(result);
        }
        else
        {
            Terminal.Line(await File.ReadAllTextAsync(Path.Combine(folder, ExperimentReport.FileName), cancellationToken));
        }

        return ExitCode.Success;
    }

    // What the experiments that generate have in common.
    private sealed class ModelOptions
    {
        private static readonly ExperimentTask Defaults = new() { Model = "", Output = "", Judge = "" };

        private readonly Option<string?> _model = new("--model") { Description = "Folder of the model. Default: medgen-mini." };
        private readonly Option<string> _judge = new("--judge")
        {
            Description = "Weights of the modality classifier that judges; never trained on generated clips.",
            DefaultValueFactory = _ => DefaultJudge,
        };

        private readonly Option<int?> _limit = new("--limit")
        {
            Description = "How many prompts are taken, spread over what is asked for. Default: all.",
        };

        private readonly Option<int> _clips = new("--clips") { Description = "Clips for each prompt.", DefaultValueFactory = _ => Defaults.Clips };
        private readonly Option<int> _seed = new("--seed")
        {
            Description = "Seed of the first clip of each prompt.", DefaultValueFactory = _ => Defaults.Seed,
        };

        private readonly Option<int?> _steps = new("--steps") { Description = "Denoising steps. Default: the model's." };
        private readonly Option<int> _references = new("--references")
        {
            Description = "Simulated clips of each class, for the judge of concepts and for the ceiling.",
            DefaultValueFactory = _ => Defaults.References,
        };

        private readonly Option<string> _output = new("--out")
        {
            Description = "Folder for clips and report; the same again goes on.", Required = true,
        };

        public Option<bool> Json { get; } = JsonOption.Create();

        public void AddTo(Command command)
        {
            foreach (Option option in new Option[] { _model, _judge, _limit, _clips, _seed, _steps, _references, _output, Json })
            {
                command.Add(option);
            }
        }

        public ExperimentTask Read(ParseResult parsed) => new()
        {
            Model = parsed.GetValue(_model) ?? DefaultFolders.Model,
            Judge = parsed.GetRequiredValue(_judge),
            Output = Path.GetFullPath(parsed.GetRequiredValue(_output)),
            Limit = parsed.GetValue(_limit),
            Clips = parsed.GetValue(_clips),
            Seed = parsed.GetValue(_seed),
            Steps = parsed.GetValue(_steps),
            References = parsed.GetValue(_references),
        };
    }
}
