using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Curation.Results;
using MedGen.Curation.Running;
using MedGen.Curation.Specifications;
using MedGen.Datasets.Augmentation;
using MedGen.Media;
using MedGen.Media.Cutting;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen curate</c>: a captioned data set from a folder of films.</summary>
internal static class CurateCommand
{
    private const double SecondsPerMinute = 60;

    public static Command Create()
    {
        Option<string> input = new("--in")
        {
            Description = "Folder of films, at any depth.", Required = true,
        };
        Option<string?> list = new("--list")
        {
            Description = "List of the films: .csv, .jsonl or .json, MedVideoCap's own among them. "
                + "Default: metadata.csv or metadata.jsonl in the folder.",
        };
        Option<string> output = new("--out") { Description = "Folder of the data set.", Required = true };
        Option<string?> spec =
            new("--spec") { Description = "JSON file with the thresholds: docs/curation.md. Default: those of the documentation." };
        Option<string?> weights = new("--modality-weights")
        {
            Description = "Weights of the imaging-modality classifier. Default: those of the plugin that comes with the command.",
        };
        Option<int?> workers = new("--workers") { Description = "Films at a time, 1 to 256. Default: one for each core." };
        Option<bool> resume = new("--resume") { Description = "Continue an interrupted run, or take in films that have come since." };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace an earlier curation in the folder." };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "curate",
            "Cuts films into shots, keeps what is medical, coherent, sharp and free of text, captions it, and writes a data set with its funnel.")
        {
            input, list, output, spec, weights, workers, resume, overwrite, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (bool goesOn, bool replaces) = (parsed.GetValue(resume), parsed.GetValue(overwrite));
            if (goesOn && replaces)
            {
                throw new InvalidInputException("resume", "--resume and --overwrite say the opposite; one of them is allowed.");
            }

            if (parsed.GetValue(workers) is < 1 or > 256)
            {
                throw new InvalidInputException("workers", $"got {parsed.GetValue(workers)}; allowed: 1 to 256.");
            }

            CurationTask task = new()
            {
                Input = Path.GetFullPath(parsed.GetRequiredValue(input)),
                List = parsed.GetValue(list),
                Output = Path.GetFullPath(parsed.GetRequiredValue(output)),
                Spec = CurationSpecReader.Read(parsed.GetValue(spec)),
                Mode = goesOn ? OutputMode.Resume : replaces ? OutputMode.Overwrite : OutputMode.New,
                ModalityWeights = parsed.GetValue(weights) ?? DefaultFolders.ModalityWeights,
                OpenAnalyzer = OnnxFolder.Open,
                Workers = parsed.GetValue(workers) ?? Environment.ProcessorCount,
            };
            return await RunAsync(task, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CurationTask task, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = MediaServices.Create();
        CurationRun run = new(services.GetRequiredService<IVideoReader>(), services.GetRequiredService<IVideoCutter>(), TimeProvider.System);
        CurationSummary summary = await Terminal.WithProgressAsync(
            json, show => run.RunAsync(task, progress => show(Text(progress), progress.Share), cancellationToken));
        if (json)
        {
            JsonLines.Write(summary);
        }
        else
        {
            Write(summary, task.Output);
        }

        return summary.Clips > 0 ? ExitCode.Success : ExitCode.Negative;
    }

    private static string Text(CurationProgress progress) =>
        progress.Remaining is { } remaining
            ? $"{progress.Film}: {progress.Stage}, {remaining:h\\:mm\\:ss} left"
            : $"{progress.Film}: {progress.Stage}";

    private static void Write(CurationSummary summary, string folder)
    {
        Terminal.Table(
            ["stage", "unit", "before", "after", "minutes before", "minutes after"],
            summary.Funnel.Select(row => (IReadOnlyList<string>)(row.LeftOut is { } why
                ? [row.Stage, row.Unit, $"left out: {why}", "", "", ""]
                :
                [
                    row.Stage, row.Unit, $"{row.Count.Before}", $"{row.Count.After}", Minutes(row.Count.SecondsBefore),
                    Minutes(row.Count.SecondsAfter),
                ])));
        foreach (string warning in summary.Warnings)
        {
            Terminal.Warning(warning);
        }

        Terminal.Line(
            $"{summary.Clips} clips ({Minutes(summary.Seconds)} minutes, {summary.Copied} of them cut without loss) of {summary.Films} films are in "
                + $"{folder}; README.md there is the card, manifest.jsonl says why the others were dropped.");
    }

    private static string Minutes(double seconds) => FormattableString.Invariant($"{seconds / SecondsPerMinute:0.0}");
}
