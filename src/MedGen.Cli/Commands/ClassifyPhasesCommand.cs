using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using MedGen.Sdk.Errors;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Cli.Phases;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen classify phases FILES</c>.</summary>
internal static class ClassifyPhasesCommand
{
    private const string PhaseTask = "surgical-phase";
    private const string Offline = "offline";

    public static Command Create()
    {
        ConnectionOptions connection = new();
        Argument<string[]> files = new("files") { Description = "Videos of operations.", Arity = ArgumentArity.OneOrMore };
        Option<string> mode = new("--mode")
        {
            Description = "online (each second from what came before) or offline (the whole video decoded with the workflow).",
            DefaultValueFactory = _ => "online",
        };
        mode.AcceptOnlyFromAmong("online", Offline);
        Option<double> dwell =
            new("--dwell") { Description = "Seconds that a new phase must last before it is committed, 0 to 600.", DefaultValueFactory = _ => 5 };
        Option<double?> illegalDwell =
            new("--illegal-dwell") { Description = "The same for a transition that the workflow does not allow; default: 15, at least --dwell." };
        Option<string?> export = new("--export") { Description = "Folder for the phases of each video, with a ribbon as PNG and SVG." };
        Option<string> format =
            new("--format") { Description = "csv, json or cholec80 (one line 'Frame, Phase' per second).", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "json", "cholec80");
        Option<string?> truth = new("--truth") { Description = "Folder of label files; the ribbon shows the truth above the answer." };
        Option<string?> plugin = PluginOption.Create();
        Command phases = new(
            "phases", "Names the phases of laparoscopic cholecystectomies, second by second.") { files, mode, dwell, illegalDwell, export, format,
            truth, plugin };
        connection.AddTo(phases);
        phases.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(truth) is not null && parsed.GetValue(export) is null)
            {
                throw new InvalidInputException("truth", "It is drawn next to the exported phases; --export is needed as well.");
            }

            AnalyzeVideoRequest request = new()
            {
                Task = PhaseTask,
                PluginId = parsed.GetValue(plugin) ?? "",
                Parameters = new Struct
                {
                    Fields = { ["mode"] = Value.ForString(parsed.GetRequiredValue(mode)), ["dwell"] = Value.ForNumber(parsed.GetValue(dwell)) },
                },
                OmitInterim = true,
                Options = new JobOptions { CancelOnDisconnect = true },
            };
            if (parsed.GetValue(illegalDwell) is { } illegal)
            {
                request.Parameters.Fields["illegal_dwell"] = Value.ForNumber(illegal);
            }

            string[] films = parsed.GetRequiredValue(files);
            PhaseExportFolder? folder = parsed.GetValue(export) is { } path
                ? PhaseExportFolder.Open(path, parsed.GetRequiredValue(format), parsed.GetValue(truth), films)
                : null;
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken);
            return await FileByFile.RunAsync(films, film => film, async film =>
            {
                Stopwatch watch = Stopwatch.StartNew();
                AnalysisAnswer found = await AnalyzeCommand.RunAsync(host, request, [("", film)], cancellationToken);
                PhaseAnswer answer = new(film, found, parsed.GetRequiredValue(mode) == Offline);
                IReadOnlyList<string> written = folder is null ? [] : await folder.WriteAsync(answer, cancellationToken);
                Write(answer, written, watch.Elapsed.TotalSeconds, parsed.GetValue(connection.Json));
            });
        });
        return phases;
    }

    private static void Write(PhaseAnswer answer, IReadOnlyList<string> written, double seconds, bool json)
    {
        if (json)
        {
            JsonLines.Write(answer.ToJson(written, Math.Round(seconds, 3)));
            return;
        }

        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{answer.File}: {answer.Frames} frames, {seconds:0.0} s{(answer.IsRefined ? ", decoded as a whole" : "")}"));
        Terminal.Table(
            ["from", "to", "seconds", "phase", "probability", "in the workflow"],
            answer.Segments.Select(s => (IReadOnlyList<string>)
            [
                Clock(s.Start), Clock(s.End), (s.End - s.Start).ToString("0", CultureInfo.InvariantCulture), s.Label,
                s.Probability.ToString("0.00", CultureInfo.InvariantCulture), s.IsLegal ? "yes" : "NO",
            ]));
        foreach ((string what, IEnumerable<string> items) in new (string, IEnumerable<string>)[]
        {
            ("missing", answer.Missing),
            ("repeated", answer.Repeated),
            ("doubtful", answer.Doubtful.Select(i => $"{Clock(i.Start)}-{Clock(i.End)}")),
            ("written", written),
        })
        {
            if (items.Any())
            {
                Terminal.Line($"{what}: {string.Join(", ", items)}");
            }
        }
    }

    private static string Clock(double seconds) => TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
}
