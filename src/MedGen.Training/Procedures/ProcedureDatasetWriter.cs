using System.Globalization;
using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Datasets.Files;
using MedGen.Media;
using MedGen.Phantoms.Procedures;

namespace MedGen.Training.Procedures;

/// <summary>
/// Writes simulated cholecystectomies as Cholec80 lies on disk: <c>phase_annotations/videoNN-phase.txt</c>, <c>tool_annotations/videoNN-tool.txt</c> and, when
/// asked for, <c>videos/videoNN.mp4</c>; besides, <c>procedures.jsonl</c> with one line per procedure.
/// </summary>
/// <param name="writer">Writes films.</param>
public sealed class ProcedureDatasetWriter(IVideoWriter writer)
{
    private const int MostProcedures = 10_000;
    private const string PhaseFolder = "phase_annotations";
    private const string ToolFolder = "tool_annotations";
    private const string VideoFolder = "videos";

    /// <summary>Writes a data set.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told of each finished procedure; null if nobody listens.</param>
    /// <param name="cancellationToken">Stops between frames; procedures that are finished stay.</param>
    /// <returns>The procedures in order.</returns>
    /// <exception cref="InvalidInputException">An option is out of range, or the folder is not empty.</exception>
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

        List<ProcedureRecord> records = [];
        await using StreamWriter index = new(Path.Combine(options.OutputFolder, "procedures.jsonl")) { NewLine = "\n" };
        for (int number = 1; number <= options.Count; number++)
        {
            ProcedureRecord record = await WriteOneAsync(options, simulation, number, cancellationToken);
            await index.WriteLineAsync(JsonSerializer.Serialize(record, JsonSerializerOptions.Web));
            await index.FlushAsync(cancellationToken);
            records.Add(record);
            progress?.Report(record);
        }

        return records;
    }

    private static CholecystectomyOptions Check(ProcedureDatasetOptions options)
    {
        AppearanceRange appearance = AppearanceRange.Named(options.Appearance);
        if (options.Count is < 1 or > MostProcedures)
        {
            throw new InvalidInputException("count", $"{options.Count} got; 1 to {MostProcedures} procedures are allowed.");
        }

        if (!(options.FramesPerSecond > 0 && options.FramesPerSecond <= Cholec80Text.FramesPerSecond))
        {
            throw new InvalidInputException("fps", FormattableString.Invariant($"{options.FramesPerSecond} got; above 0, at most {Cholec80Text.FramesPerSecond} are allowed."));
        }

        if (Directory.Exists(options.OutputFolder) && Directory.EnumerateFileSystemEntries(options.OutputFolder).Any())
        {
            throw new InvalidInputException("out", $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(options.OutputFolder))} is not empty; a missing or empty folder is needed.");
        }

        CholecystectomyOptions simulation = new() { Appearance = appearance, DurationScale = options.DurationScale };

        // Options that only the simulator knows fail here, before anything is written.
        CholecystectomyProcedure.Simulate(options.Seed, simulation).RenderFrame(0, options.FramesPerSecond, options.Size, options.Size).Dispose();
        return simulation;
    }

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

        await Task.CompletedTask;
    }

    private async Task<ProcedureRecord> WriteOneAsync(
        ProcedureDatasetOptions options, CholecystectomyOptions simulation, int number, CancellationToken cancellationToken)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"video{number:00}");
        int seed = CholecystectomyProcedure.SeedOf(options.Seed, number);
        CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(seed, simulation);
        WriteLabels(Path.Combine(options.OutputFolder, PhaseFolder, $"{name}-phase.txt"), text => Cholec80Text.WritePhases(procedure.Timeline, text));
        WriteLabels(Path.Combine(options.OutputFolder, ToolFolder, $"{name}-tool.txt"), text => Cholec80Text.WriteTools(procedure.Timeline, text));

        long frames = 0;
        if (options.Videos)
        {
            VideoEncoding encoding = new() { FramesPerSecond = options.FramesPerSecond, ProvenanceId = $"{SyntheticNote.SimulatedPrefix}cholecystectomy:{options.Appearance}:{seed}" };
            frames = await writer.WriteAsync(
                Path.Combine(options.OutputFolder, VideoFolder, $"{name}.mp4"),
                Stream(procedure.Frames(options.FramesPerSecond, options.Size, options.Size)), encoding, cancellationToken);
        }

        return new ProcedureRecord(
            name, seed, options.Appearance, procedure.Timeline.DurationSeconds, frames,
            [.. procedure.Timeline.Segments.Select(s => s.Phase.ToString())],
            [.. procedure.Timeline.Deviations.Select(d => $"{(d.Kind == ProcedureDeviationKind.Return ? "Return to" : "No")} {d.Phase} at {d.Second} s")]);
    }
}
