using System.Text;

namespace MedGen.Training.Studies;

/// <summary>A study as Markdown; pictures are files beside it.</summary>
internal static class StudyMarkdown
{
    /// <summary>The text of STUDY.md.</summary>
    public static string Text(StudyReport report)
    {
        StringBuilder text = new();
        text.Append($"# {report.Name}\n\n## Verdict\n{StudyVerdict.Rules(report.LeastTestPatients)}\n\n");
        AddList(text, StudyPages.Verdicts(report));
        text.Append($"\n## Results\n![Balanced accuracy of every arm with all patients]({StudyPages.BarsName})\n\n{StudyTables.ResultsNote}\n\n");
        AddTable(text, StudyTables.Results(report));
        if (report.Pools.Count > 0)
        {
            text.Append("\n## Yield and privacy\n");
            AddTable(text, StudyTables.Yield(report));
            text.Append('\n');
            AddList(text, StudyTables.Privacy(report));
        }

        text.Append($"\n## Samples\n{StudyTables.SamplesNote}\n\n");
        AddTable(text,
        [
            ["pool", "label", "prompt or caption", "source", "frames"],
            .. report.Samples.Select(sample => (IReadOnlyList<string>)
                [Cell(sample.Pool), Cell(sample.Label), Cell(sample.Prompt ?? "–"), Cell(sample.Source), $"![{Cell(sample.Pool)}, {Cell(sample.Label)}]({sample.FileName})"]),
        ]);
        text.Append("\n## How\n");
        AddList(text, StudyTables.How(report));
        return text.ToString();
    }

    private static void AddList(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            text.Append("- ").Append(line).Append('\n');
        }
    }

    private static void AddTable(StringBuilder text, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        foreach ((int number, IReadOnlyList<string> row) in rows.Index())
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
            if (number == 0)
            {
                text.Append('|').Append(string.Concat(Enumerable.Repeat("---|", row.Count))).Append('\n');
            }
        }
    }

    // Captions are the data set's; a bar or a line end would break the table.
    private static string Cell(string value) => value.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
