using System.Globalization;
using System.Text;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Ratings;

/// <summary>Ratings as CSV.</summary>
public static class RatingTable
{
    private const string Field = "ratings";

    private static readonly string[] Columns =
        ["time", "rater", "kind", "item", "prompt", "question", "seconds", "system", "other", "left", "answer"];

    private static readonly string[] NeverEmpty = ["rater", "item", "system"];

    /// <summary>The header, with its line end.</summary>
    public static string Header { get; } = Line(Columns);

    /// <summary>Rows, a line each.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>CSV without a header.</returns>
    public static string Lines(IEnumerable<RatingRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return string.Concat(rows.Select(row => Line(
        [
            row.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), row.Rater,
            row.Kind.ToString().ToLowerInvariant(), row.Item, row.Prompt, row.Question, row.Seconds?.ToString(CultureInfo.InvariantCulture),
            row.System, row.Other, row.Left, row.Answer,
        ])));
    }

    /// <summary>Reads a table; of a rater's answers to the same question of the same page the last counts.</summary>
    /// <param name="path">The CSV file.</param>
    /// <returns>The rows, in the order in which they were first given.</returns>
    /// <exception cref="InvalidInputException">It is no such table, or an answer is none; file, line and column are named.</exception>
    public static IReadOnlyList<RatingRow> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException(Field, $"there is no file '{path}'.");
        }

        CsvTable table = CsvTable.Read(path, Field, Columns);
        Dictionary<(string, string, string), RatingRow> rows = [];
        foreach (CsvRow row in table.Rows)
        {
            RatingRow read = Parse(row);
            rows[(read.Rater, read.Item, read.Question)] = read;
        }

        return [.. rows.Values];
    }

    private static RatingRow Parse(CsvRow row)
    {
        RatingKind kind = Enum.TryParse(row["kind"], ignoreCase: true, out RatingKind known) && Enum.IsDefined(known) && !char.IsDigit(row["kind"][0])
            ? known
            : throw row.Wrong("kind", $"got '{row["kind"]}'; allowed: pairwise, likert, surgical");
        string[] answers = kind == RatingKind.Pairwise
            ? [row["system"], row["other"], RatingQuestion.Tie]
            : [.. Enumerable.Range(RatingQuestion.Lowest, RatingQuestion.Highest).Select(value => value.ToString(CultureInfo.InvariantCulture))];
        foreach (string column in NeverEmpty.Where(column => row[column].Length == 0))
        {
            throw row.Wrong(column, "got nothing");
        }

        return new RatingRow
        {
            Time = DateTimeOffset.TryParse(row["time"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
                ? time
                : throw row.Wrong("time", $"got '{row["time"]}'; allowed: a date with a time"),
            Rater = row["rater"],
            Kind = kind,
            Item = row["item"],
            Prompt = row["prompt"],
            Question = RatingQuestion.Find(row["question"])?.Name ?? throw row.Wrong("question", $"got '{row["question"]}', which nobody asks"),
            Seconds = row["seconds"].Length == 0 ? null
                : int.TryParse(row["seconds"], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds
                : throw row.Wrong("seconds", $"got '{row["seconds"]}'; allowed: a whole number"),
            System = row["system"],
            Other = row["other"],
            Left = row["left"],
            Answer = answers.Contains(row["answer"])
                ? row["answer"]
                : throw row.Wrong("answer", $"got '{row["answer"]}'; allowed: {string.Join(", ", answers)}"),
        };
    }

    private static string Line(IEnumerable<string?> cells)
    {
        StringBuilder line = new();
        CsvText.AppendLine(line, cells);
        return line.ToString();
    }
}
