using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Cli.Phases;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen classify phases FILES</c>.</summary>
internal static class ClassifyPhasesCommand
{
    private const string PhaseTask = "surgical-phase";

    public static Command Create()
    {
        ConnectionOptions connection = new();
        Argument<string[]> files = new("files") { Description = "Videos of operations.", Arity = ArgumentArity.OneOrMore };
        Option<string> mode = new("--mode")
        {
            Description = "online (each second from what came before) or offline (the whole video decoded with the workflow).",
            DefaultValueFactory = _ => "online",
        };
        mode.AcceptOnlyFromAmong("online", "offline");
        Option<double> dwell =
            new("--dwell") { Description = "Seconds that a new phase must last before it is committed, 0 to 600.", DefaultValueFactory = _ => 5 };
        Option<double?> illegalDwell =
            new("--illegal-dwell") { Description = "The same for a transition that the workflow does not allow; default: 15, at least --dwell." };
        Option<string?> export = new("--export") { Description = "Folder for the phases of each video, with a ribbon as PNG and SVG." };
        Option<string> format =
            new("--format") { Description = "csv, json or cholec80 (one line 'Frame, Phase' per second).", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "json", "cholec80");
        Option<string?> truth = new("--truth") { Description = "Folder of label files; the ribbon shows the truth above the answer." };
        Command phases = new(
            "phases", "Names the phases of laparoscopic cholecystectomies, second by second.") { files, mode, dwell, illegalDwell, export, format,
            truth };
        connection.AddTo(phases);
        phases.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(truth) is not null && parsed.GetValue(export) is null)
            {
                throw new InvalidInputException("truth", "It is drawn next to the exported phases; --export is needed as well.");
            }

            Dictionary<string, string> parameters = new()
            {
                ["mode"] = parsed.GetRequiredValue(mode),
                ["dwell"] = parsed.GetValue(dwell).ToString(CultureInfo.InvariantCulture),
            };
            if (parsed.GetValue(illegalDwell) is { } illegal)
            {
                parameters["illegal_dwell"] = illegal.ToString(CultureInfo.InvariantCulture);
            }

            string[] films = parsed.GetRequiredValue(files);
            PhaseExportFolder? folder = parsed.GetValue(export) is { } path
                ? PhaseExportFolder.Open(path, parsed.GetRequiredValue(format), parsed.GetValue(truth), films)
                : null;
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken);
            return await RunAsync(host, films, parameters, folder, parsed.GetValue(connection.Json), cancellationToken);
        });
        return phases;
    }

    private static async Task<int> RunAsync(
        HostConnection host, IEnumerable<string> files, IReadOnlyDictionary<string, string> parameters, PhaseExportFolder? export, bool json,
        CancellationToken cancellationToken)
    {
        // One bad film does not keep the others from their answer; the first failure decides the exit code.
        int exitCode = ExitCode.Success;
        foreach (string file in files)
        {
            try
            {
                Stopwatch watch = Stopwatch.StartNew();
                PhaseAnswer answer = await ClassifyAsync(host, file, parameters, cancellationToken);
                IReadOnlyList<string> written = export is null ? [] : await export.WriteAsync(answer, cancellationToken);
                Write(answer, written, watch.Elapsed.TotalSeconds, json);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                (int code, string message) = ErrorReport.Describe(exception);
                await Console.Error.WriteLineAsync($"error: {file}: {message}");
                exitCode = exitCode == ExitCode.Success ? code : exitCode;
            }
        }

        return exitCode;
    }

    private static async Task<PhaseAnswer> ClassifyAsync(
        HostConnection host, string file, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        await using UploadedFile film = await UploadedFile.CreateAsync(host, file, cancellationToken);
        ClassifyVideoRequest request = new()
        {
            ArtifactId = film.Artifact.ArtifactId,
            Task = PhaseTask,
            Options = new JobOptions { CancelOnDisconnect = true },
            OmitFrames = true,
        };
        request.Parameters.Add(new Dictionary<string, string>(parameters));
        ClipPrediction? clip = null;
        List<LabelTransition> transitions = [];
        await foreach (JobEvent update in host.Client.Analysis.ClassifyAsync(request, cancellationToken))
        {
            clip = update.Clip ?? clip;
            if (update.Transition is { } transition)
            {
                transitions.Add(transition);
            }
        }

        return clip?.Timeline is { } timeline
            ? new PhaseAnswer(file, clip.Classifier, timeline, transitions)
            : throw new InvalidDataException("The host ended the stream without a timeline.");
    }

    private static void Write(PhaseAnswer answer, IReadOnlyList<string> written, double seconds, bool json)
    {
        if (json)
        {
            JsonLines.Write(answer.ToJson(written, Math.Round(seconds, 3)));
            return;
        }

        ClipTimeline timeline = answer.Timeline;
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{answer.File}: {timeline.Frames.Count} frames, {seconds:0.0} s{(timeline.Refined ? ", decoded as a whole" : "")}"));
        Terminal.Table(
            ["from", "to", "seconds", "phase", "probability", "in the workflow"],
            timeline.Segments.Select(s => (IReadOnlyList<string>)
            [
                Clock(s.Start.ToTimeSpan()), Clock(s.End.ToTimeSpan()), (s.End - s.Start)
                    .ToTimeSpan().TotalSeconds.ToString("0", CultureInfo.InvariantCulture), s.Label,
                s.MeanProbability.ToString("0.00", CultureInfo.InvariantCulture), s.Legal ? "yes" : "NO",
            ]));
        foreach ((string what, IEnumerable<string> items) in new (string, IEnumerable<string>)[]
        {
            ("missing", timeline.MissingLabels),
            ("repeated", timeline.RepeatedLabels),
            ("doubtful", timeline.LowConfidence.Select(i => $"{Clock(i.Start.ToTimeSpan())}-{Clock(i.End.ToTimeSpan())}")),
            ("written", written),
        })
        {
            if (items.Any())
            {
                Terminal.Line($"{what}: {string.Join(", ", items)}");
            }
        }
    }

    private static string Clock(TimeSpan time) => time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
}
