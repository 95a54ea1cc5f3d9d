using System.Globalization;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Files;
using MedGen.Media;
using MedGen.Phantoms.Procedures;

namespace MedGen.Training.Procedures;

/// <summary>
/// Writes simulated cholecystectomies as Cholec80 lies on disk: <c>phase_annotations/videoNN-phase.txt</c>, <c>tool_annotations/videoNN-tool.txt</c>
/// and, when asked for, <c>videos/videoNN.mp4</c>; besides, <c>procedures.jsonl</c> with one line per procedure, written when its files are whole.
/// </summary>
/// <param name="writer">Writes videos.</param>
public sealed class ProcedureDatasetWriter(IVideoWriter writer)
{
    private const int MaxProcedures = 10_000;
    private const string PhaseFolder = "phase_annotations";
    private const string ToolFolder = "tool_annotations";
    private const string VideoFolder = "videos";
    private const string Index = "procedures.jsonl";

    /// <summary>Writes a data set.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told of each finished procedure; null if nobody listens.</param>
    /// <param name="cancellationToken">Stops between frames; procedures that are finished stay.</param>
    /// <returns>The procedures in order.</returns>
    /// <exception cref="InvalidInputException">An option is out of range, the folder is not empty, or what is to be gone on with was made by other
    /// options.</exception>
    public async Task<IReadOnlyList<ProcedureRecord>> WriteAsync(
        ProcedureDatasetOptions options, IProgress<ProcedureRecord>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        CholecystectomyOptions simulation = Check(options);
        Directory.CreateDirectory(Path.Combine(options.OutputFolder, PhaseFolder));
        Directory.CreateDirectory(Path.Combine(options.OutputFolder, ToolFolder));
        if (options.Videos)
        {
            Directory.CreateDirectory(Path.Combine(options.OutputFolder, VideoFolder));
        }

        List<ProcedureRecord> records = options.Resume ? Finished(options, simulation) : [];
        string path = Path.Combine(options.OutputFolder, Index);
        WholeFile.Write(path, string.Concat(records.Select(record => $"{Line(record)}\n")));
        using StreamWriter index = new(path, append: true) { NewLine = "\n" };
        for (int number = 1; number <= options.Count; number++)
        {
            if (number > records.Count)
            {
                records.Add(await WriteOneAsync(options, simulation, number, cancellationToken).ConfigureAwait(false));
                await index.WriteLineAsync(Line(records[^1])).ConfigureAwait(false);
                await index.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            progress?.Report(records[number - 1]);
        }

        return records;
    }

    private static CholecystectomyOptions Check(ProcedureDatasetOptions options)
    {
        AppearanceRange appearance = AppearanceRange.Named(options.Appearance);
        if (options.Count is < 1 or > MaxProcedures)
        {
            throw new InvalidInputException("count", $"got {options.Count} procedures; allowed: 1 to {MaxProcedures}.");
        }

        if (!(options.FramesPerSecond > 0 && options.FramesPerSecond <= Cholec80Text.FramesPerSecond))
        {
            throw new InvalidInputException(
                "fps", FormattableString.Invariant($"got {options.FramesPerSecond}; allowed: above 0, at most {Cholec80Text.FramesPerSecond}."));
        }

        if (Directory.Exists(options.OutputFolder) && Directory.EnumerateFileSystemEntries(options.OutputFolder).Any()
            && !(options.Resume && File.Exists(Path.Combine(options.OutputFolder, Index))))
        {
            throw new InvalidInputException(
                "out",
                $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(options.OutputFolder))} is not empty; a missing or empty folder is needed, or "
                    + $"--resume and a folder with {Index}.");
        }

        CholecystectomyOptions simulation = new() { Appearance = appearance, DurationScale = options.DurationScale };

        // Options that only the simulator knows fail here, before anything is written.
        CholecystectomyProcedure.Simulate(options.Seed, simulation).RenderFrame(0, options.FramesPerSecond, options.Size, options.Size).Dispose();
        return simulation;
    }

    // What an interrupted run has finished: each procedure's line is written after its files, and the last line may be torn.
    private static List<ProcedureRecord> Finished(ProcedureDatasetOptions options, CholecystectomyOptions simulation)
    {
        string path = Path.Combine(options.OutputFolder, Index);
        List<ProcedureRecord> finished = [];
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (Parse(line) is not { } record || !PathsOf(options, record.Name).All(File.Exists))
            {
                break;
            }

            (string name, int seed, CholecystectomyProcedure procedure) = Simulate(options, simulation, finished.Count + 1);
            string expected = Line(Record(options, name, seed, procedure, record.Frames));
            if (line != expected)
            {
                throw new InvalidInputException(
                    "out", $"{Index} was written with other options: line {finished.Count + 1} is {line}, these options give {expected}.");
            }

            finished.Add(record);
        }

        return finished.Count <= options.Count
            ? finished
            : throw new InvalidInputException("count", $"got {options.Count}; the folder holds {finished.Count} procedures already.");
    }

    private static ProcedureRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcedureRecord>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Line(ProcedureRecord record) => JsonSerializer.Serialize(record, JsonSerializerOptions.Web);

    private static (string Name, int Seed, CholecystectomyProcedure Procedure) Simulate(
        ProcedureDatasetOptions options, CholecystectomyOptions simulation, int number)
    {
        int seed = CholecystectomyProcedure.SeedOf(options.Seed, number);
        return (string.Create(CultureInfo.InvariantCulture, $"video{number:00}"), seed, CholecystectomyProcedure.Simulate(seed, simulation));
    }

    private static ProcedureRecord Record(ProcedureDatasetOptions options, string name, int seed, CholecystectomyProcedure procedure, long frames) =>
        new(
        name, seed, options.Appearance, procedure.Timeline.DurationSeconds, frames, options.Videos ? options.FramesPerSecond : 0,
        options.Videos ? options.Size : 0,
        [.. procedure.Timeline.Segments.Select(s => s.Phase.ToString())],
        [.. procedure.Timeline.Deviations.Select(d =>
            $"{(d.Kind == ProcedureDeviationKind.Return ? "Return to" : "No")} {d.Phase} at {d.Second} s")]);

    // Labels of phases, labels of tools and, where there are videos, the video.
    private static string[] PathsOf(ProcedureDatasetOptions options, string name) =>
    [
        Path.Combine(options.OutputFolder, PhaseFolder, $"{name}-phase.txt"),
        Path.Combine(options.OutputFolder, ToolFolder, $"{name}-tool.txt"),
        .. options.Videos ? [Path.Combine(options.OutputFolder, VideoFolder, $"{name}.mp4")] : Array.Empty<string>(),
    ];

    private static void WriteLabels(string path, Action<TextWriter> write) => WholeFile.Write(path, temporary =>
    {
        using StreamWriter text = new(temporary);
        write(text);
    });

    private static async IAsyncEnumerable<VideoFrame> Stream(IEnumerable<VideoFrame> frames)
    {
        foreach (VideoFrame frame in frames)
        {
            yield return frame;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private async Task<ProcedureRecord> WriteOneAsync(
        ProcedureDatasetOptions options, CholecystectomyOptions simulation, int number, CancellationToken cancellationToken)
    {
        (string name, int seed, CholecystectomyProcedure procedure) = Simulate(options, simulation, number);
        string[] paths = PathsOf(options, name);
        WriteLabels(paths[0], text => Cholec80Text.WritePhases(procedure.Timeline, text));
        WriteLabels(paths[1], text => Cholec80Text.WriteTools(procedure.Timeline, text));

        long frames = 0;
        if (options.Videos)
        {
            VideoEncoding encoding = new()
            {
                FramesPerSecond = options.FramesPerSecond,
                ProvenanceId = $"{SyntheticNote.SimulatedPrefix}cholecystectomy:{options.Appearance}:{seed}",
            };
            frames = await writer.WriteAsync(
                paths[2], Stream(
                    procedure.Frames(options.FramesPerSecond, options.Size, options.Size)), encoding, cancellationToken).ConfigureAwait(false);
        }

        return Record(options, name, seed, procedure, frames);
    }
}
