using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MedGen.Datasets.Reports;

/// <summary>Writes a report as one HTML page; figures are embedded.</summary>
internal static partial class HtmlReport
{
    private const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; color: #17212b; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; } h2 { margin-top: 2.2rem; border-bottom: 1px solid #dfe5ea; }
        table { border-collapse: collapse; } td, th { border: 1px solid #dfe5ea; padding: .3rem .6rem; text-align: left; vertical-align: top; }
        img, video { max-width: 100%; min-width: min(24rem, 100%); image-rendering: pixelated; }
        td img { display: block; max-width: none; min-width: 0; height: 128px; }
        .track { display: inline-block; width: 16rem; height: .8rem; margin-right: .6rem; background: #dfe5ea; border-radius: 3px; }
        .fill { display: block; height: 100%; background: #2f7fb8; border-radius: 3px; } code { overflow-wrap: anywhere; }
        """;

    public static string Text(Report report)
    {
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<title>").Append(WebUtility.HtmlEncode(report.Title)).Append("</title>")
            .Append("<style>\n").Append(Style).Append("\n</style></head><body>\n")
            .Append("<h1>").Append(Inline(report.Title)).Append("</h1>\n");
        return page.AppendJoin('\n', report.Blocks.Select(Block)).Append("\n</body></html>\n").ToString();
    }

    private static string Block(ReportBlock block) => block switch
    {
        ReportBlock.Heading heading => $"<h{heading.Level}>{Inline(heading.Text)}</h{heading.Level}>",
        ReportBlock.Paragraph paragraph => $"<p>{Inline(paragraph.Text)}</p>",
        ReportBlock.Bullets bullets => $"<ul>{string.Concat(bullets.Items.Select(item => $"<li>{Inline(item)}</li>"))}</ul>",
        ReportBlock.Table table => $"<table>{Row(table.Head, "th")}{string.Concat(table.Rows.Select(row => Row(row, "td")))}</table>",
        ReportBlock.Picture picture => $"<p>{Embedded(picture.Figure)}</p>",
        _ => throw new ArgumentOutOfRangeException(nameof(block)),
    };

    private static string Row(IReadOnlyList<ReportCell> cells, string tag) =>
        $"<tr>{string.Concat(cells.Select(cell => $"<{tag}>{Cell(cell)}</{tag}>"))}</tr>\n";

    private static string Cell(ReportCell cell) => cell switch
    {
        { Figure: { } figure } => Embedded(figure),
        { Share: { } share } => $"<span class=\"track\">{Bar(share)}</span>{Inline(cell.Text)}",
        _ => Inline(cell.Text),
    };

    private static string Bar(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"<span class=\"fill\" style=\"width:{share * 100:0.#}%\"></span>");

    private static string Embedded(ReportFigure figure) => Path.GetExtension(figure.FileName) switch
    {
        ".svg" => Encoding.UTF8.GetString(figure.Content.Span),
        ".mp4" => $"<video controls autoplay loop muted playsinline src=\"{DataUri("video/mp4", figure)}\"></video>",
        ".png" => $"<img alt=\"{WebUtility.HtmlEncode(figure.Caption)}\" src=\"{DataUri("image/png", figure)}\">",
        _ => throw new ArgumentException($"No page shows a figure such as '{figure.FileName}'; png, svg and mp4 are shown.", nameof(figure)),
    };

    private static string DataUri(string mediaType, ReportFigure figure) => $"data:{mediaType};base64,{Convert.ToBase64String(figure.Content.Span)}";

    private static string Inline(string text) =>
        Strong().Replace(Code().Replace(WebUtility.HtmlEncode(text), "<code>$1</code>"), "<strong>$1</strong>");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Strong();
}
