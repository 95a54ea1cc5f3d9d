using System.Text.Json;
using MedGen.Sdk.Files;
using MedGen.Datasets.Specifications;

namespace MedGen.Training.Running;

/// <summary>
/// Writes a run's progress as JSON lines and passes it on. On resume the lines behind the checkpoint are dropped, so that every step is there once.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly StreamWriter _file;
    private readonly TensorBoardLog? _events;
    private readonly IProgress<TrainingProgress>? _progress;

    /// <summary>Opens the log of a run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">Name of the run.</param>
    /// <param name="stepsKept">Steps of an earlier start that stay; 0: a new log.</param>
    /// <param name="progress">Told of every line; null: nobody.</param>
    /// <param name="tensorBoard">Folder for TensorBoard's event files; null: none are written.</param>
    public RunLog(string path, string run, int stepsKept, IProgress<TrainingProgress>? progress, string? tensorBoard = null)
    {
        string[] kept = stepsKept > 0 && File.Exists(path) ? [.. File.ReadLines(path).Where(line => IsKept(line, stepsKept))] : [];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, temporary => File.WriteAllLines(temporary, kept));
        _events = tensorBoard is null ? null : new TensorBoardLog(tensorBoard, kept.Select(Parse).OfType<TrainingProgress>());
        _file = new StreamWriter(path, append: true) { AutoFlush = true };
        (Run, _progress) = (run, progress);
    }

    /// <summary>Name of the run.</summary>
    public string Run { get; }

    /// <summary>Writes a line.</summary>
    public void Write(TrainingProgress entry)
    {
        _file.WriteLine(JsonSerializer.Serialize(entry, SpecificationJson.Options));
        _events?.Write(entry);
        _progress?.Report(entry);
    }

    /// <summary>Reads the curves of a log.</summary>
    /// <returns>The loss, and each metric, by name.</returns>
    public static IReadOnlyDictionary<string, TrainingCurve> ReadCurves(string path)
    {
        // While the log is open for writing, other handles must say that they do not mind.
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        Dictionary<string, (List<(int Step, double Value)> Training, List<(int Step, double Value)> Validation)> curves =
            new() { ["loss"] = ([], []) };
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is not { Loss: { } loss } entry)
            {
                continue;
            }

            foreach ((string quantity, double value) in (entry.Metrics ?? new Dictionary<string, double>()).Append(new("loss", loss)))
            {
                curves.TryAdd(quantity, ([], []));
                (entry.Event == "validate" ? curves[quantity].Validation : curves[quantity].Training).Add((entry.Done, value));
            }
        }

        return curves.ToDictionary(curve => curve.Key, curve => new TrainingCurve(curve.Value.Training, curve.Value.Validation));
    }

    public void Dispose() => _file.Dispose();

    // A line that a killed process did not finish is dropped; the last validation is done again.
    private static bool IsKept(string line, int steps) => Parse(line) is { Event: "train" or "validate" } entry
        && (entry.Done < steps || (entry.Done == steps && (entry.Event == "train" || steps < entry.Total)));

    private static TrainingProgress? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingProgress>(line, SpecificationJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
