namespace MedGen.Datasets.Reports;

/// <summary>Writes a report as Markdown.</summary>
internal static class MarkdownReport
{
    public static string Text(Report report) =>
        string.Join("\n\n", [.. FrontMatter(report), $"# {report.Title}", .. report.Blocks.Select(Block)]) + "\n";

    private static IEnumerable<string> FrontMatter(Report report) => report.FrontMatter.Length == 0 ? [] : [$"---\n{report.FrontMatter}\n---"];

    private static string Block(ReportBlock block) => block switch
    {
        ReportBlock.Heading heading => $"{new string('#', heading.Level)} {heading.Text}",
        ReportBlock.Paragraph paragraph => paragraph.Text,
        ReportBlock.Bullets bullets => string.Join('\n', bullets.Items.Select(item => $"- {item}")),
        ReportBlock.Table table => string.Join('\n', [Row(table.Head), Rule(table.Head.Count), .. table.Rows.Select(Row)]),
        ReportBlock.Picture picture => Link(picture.Figure),
        _ => throw new ArgumentOutOfRangeException(nameof(block)),
    };

    private static string Row(IReadOnlyList<ReportCell> cells) => $"| {string.Join(" | ", cells.Select(Cell))} |";

    private static string Rule(int columns) => $"|{string.Concat(Enumerable.Repeat("---|", columns))}";

    private static string Cell(ReportCell cell) => cell.Figure is { } figure ? Link(figure) : InTable(cell.Text);

    private static string Link(ReportFigure figure) => $"![{InTable(figure.Caption)}]({figure.FileName})";

    // Captions are the data set's; a bar or a line end would break the table.
    private static string InTable(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
