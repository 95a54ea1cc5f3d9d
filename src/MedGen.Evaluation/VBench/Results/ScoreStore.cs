using System.Text;
using System.Text.Json;
using MedGen.Datasets.Reports;

namespace MedGen.Evaluation.VBench.Results;

/// <summary>
/// Scores that are done, a line each, so that a run that ended in the middle does not score a clip again: kept by the clip's content and by what
/// measured it.
/// </summary>
internal sealed class ScoreStore
{
    private readonly string _path;
    private readonly Dictionary<(string Clip, string Measure), Line> _lines = [];

    private ScoreStore(string path) => _path = path;

    /// <summary>A line: value and weight are null where the clip is too short.</summary>
    internal sealed record Line(string Clip, string Measure, double? Value, int Weight);

    /// <summary>Opens the file; a last line that was not finished is taken away.</summary>
    public static ScoreStore Open(string path)
    {
        ScoreStore store = new(path);
        if (!File.Exists(path))
        {
            return store;
        }

        byte[] content = File.ReadAllBytes(path);
        int whole = content.AsSpan().LastIndexOf((byte)'\n') + 1;
        foreach (string line in Encoding.UTF8.GetString(content, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Line read = JsonSerializer.Deserialize<Line>(line, ReportJson.Lines)!;
            store._lines[(read.Clip, read.Measure)] = read;
        }

        using FileStream file = new(path, FileMode.Open);
        file.SetLength(whole);
        return store;
    }

    /// <summary>What was measured of a clip; null: nothing yet.</summary>
    public Line? Find(string clip, Measure measure) => _lines.GetValueOrDefault((clip, measure.Key));

    /// <summary>Keeps what was measured.</summary>
    public void Add(IReadOnlyList<Line> lines)
    {
        File.AppendAllText(_path, string.Concat(lines.Select(line => ReportJson.Line(line) + "\n")));
        foreach (Line line in lines)
        {
            _lines[(line.Clip, line.Measure)] = line;
        }
    }
}
