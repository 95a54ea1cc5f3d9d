using System.Globalization;
using MedGen.Sdk.Files;

namespace MedGen.Datasets.Reports;

/// <summary>
/// A report as data: sections, sentences, lists, tables and figures in the order in which they are read. It is written as Markdown with its figures
/// beside it, or as one HTML page that holds them. Sentences may hold <c>`code`</c> and <c>**strong**</c> text as in Markdown; numbers are in the
/// invariant culture.
/// </summary>
/// <param name="title">The heading of the whole.</param>
public sealed class Report(string title)
{
    private readonly List<ReportBlock> _blocks = [];

    /// <summary>The heading of the whole.</summary>
    public string Title => title;

    /// <summary>What stands above the Markdown, between its two lines of dashes: metadata in YAML. Empty: none.</summary>
    public string FrontMatter { get; init; } = "";

    internal IReadOnlyList<ReportBlock> Blocks => _blocks;

    /// <summary>Begins a section.</summary>
    /// <param name="heading">Its heading.</param>
    public void Section(string heading) => _blocks.Add(new ReportBlock.Heading(heading, Level: 2));

    /// <summary>Adds a paragraph.</summary>
    /// <param name="sentences">Its sentences.</param>
    public void Text(params FormattableString[] sentences) => _blocks.Add(new ReportBlock.Paragraph(string.Join(' ', Invariant(sentences))));

    /// <summary>Adds a list.</summary>
    /// <param name="items">An item each; none: no list.</param>
    public void List(IEnumerable<string> items)
    {
        string[] texts = [.. items];
        if (texts.Length > 0)
        {
            _blocks.Add(new ReportBlock.Bullets(texts));
        }
    }

    /// <summary>Adds a table.</summary>
    /// <param name="head">Names of the columns.</param>
    /// <param name="rows">The rows, as wide as the head.</param>
    /// <exception cref="ArgumentException">A row has more or fewer cells than the head.</exception>
    public void Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<ReportCell>> rows)
    {
        ArgumentNullException.ThrowIfNull(head);
        IReadOnlyList<ReportCell>[] all = [.. rows];
        if (Array.Find(all, row => row.Count != head.Count) is { } other)
        {
            throw new ArgumentException($"A row has {other.Count} cells where the head has {head.Count}.", nameof(rows));
        }

        _blocks.Add(new ReportBlock.Table([.. head.Select(name => (ReportCell)name)], all));
    }

    /// <summary>Adds a table of counts by truth (row) and answer (column).</summary>
    /// <typeparam name="T">Type of the counts.</typeparam>
    /// <param name="labels">Names of rows and columns.</param>
    /// <param name="counts">A row for each label.</param>
    public void Confusion<T>(IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<T>> counts)
        where T : IFormattable =>
        Table(["", .. labels], labels.Zip(counts, (label, row) => (IReadOnlyList<ReportCell>)[label, .. row.Select(Cell)]));

    /// <summary>Adds a picture or a video.</summary>
    /// <param name="figure">The figure.</param>
    public void Figure(ReportFigure figure) => _blocks.Add(new ReportBlock.Picture(figure));

    /// <summary>Adds another report as a section of this one, its own sections one level down.</summary>
    /// <param name="other">The other report.</param>
    public void Include(Report other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Section(other.Title);
        _blocks.AddRange(other._blocks.Select(block => block is ReportBlock.Heading heading ? heading with { Level = heading.Level + 1 } : block));
    }

    /// <summary>A row of a table.</summary>
    /// <param name="cells">What stands in its cells.</param>
    /// <returns>The row.</returns>
    public static IReadOnlyList<ReportCell> Row(params FormattableString[] cells) => [.. Invariant(cells).Select(text => (ReportCell)text)];

    /// <summary>Writes the report as Markdown, and its figures beside it.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="name">Name of the Markdown file.</param>
    public void Write(string folder, string name)
    {
        foreach (ReportFigure figure in _blocks.SelectMany(block => block.Figures))
        {
            string path = Path.Combine(folder, figure.FileName);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            WholeFile.Write(path, temporary => File.WriteAllBytes(temporary, figure.Content.Span));
        }

        WholeFile.Write(Path.Combine(folder, name), ToMarkdown());
    }

    /// <summary>The report as Markdown; figures are links to the files beside it.</summary>
    /// <returns>Markdown.</returns>
    public string ToMarkdown() => MarkdownReport.Text(this);

    /// <summary>The report as one page that needs no other file.</summary>
    /// <returns>HTML.</returns>
    public string ToHtml() => HtmlReport.Text(this);

    private static ReportCell Cell<T>(T count)
        where T : IFormattable => count.ToString(null, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Invariant(FormattableString[] texts) => texts.Select(text => text.ToString(CultureInfo.InvariantCulture));
}
