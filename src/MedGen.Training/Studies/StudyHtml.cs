using System.Net;
using System.Text;

namespace MedGen.Training.Studies;

/// <summary>A study as one HTML file: curves are SVG, pictures are embedded.</summary>
internal static class StudyHtml
{
    private const string Style =
        "<style>body{font:15px/1.5 sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left}"
        + "img{max-width:100%}td img{display:block;max-width:none;height:128px}</style>";

    /// <summary>The text of the page.</summary>
    public static string Text(StudyReport report, byte[] bars)
    {
        StringBuilder text = new();
        text.Append("<!doctype html><meta charset=utf-8><title>").Append(E(report.Name)).Append("</title>").Append(Style).Append("<h1>").Append(E(report.Name)).Append("</h1><h2>Verdict</h2><p>").Append(E(StudyVerdict.Rules(report.LeastTestPatients))).Append("</p>");
        AddList(text, StudyPages.Verdicts(report));
        text.Append("<h2>Results</h2>").Append(Picture(bars, "Balanced accuracy of every arm with all patients")).Append(StudyChart.Svg(report))
            .Append("<p>").Append(E(StudyTables.ResultsNote)).Append("</p>");
        AddTable(text, Encoded(StudyTables.Results(report)));
        if (report.Pools.Count > 0)
        {
            text.Append("<h2>Yield and privacy</h2>");
            AddTable(text, Encoded(StudyTables.Yield(report)));
            AddList(text, StudyTables.Privacy(report));
        }

        text.Append("<h2>Samples</h2><p>").Append(E(StudyTables.SamplesNote)).Append("</p>");
        AddTable(text,
        [
            ["pool", "label", "prompt or caption, source", "frames"],
            .. report.Samples.Select(sample => (IReadOnlyList<string>)
                [E(sample.Pool), E(sample.Label), $"{E(sample.Prompt ?? "–")}<br><small>{E(sample.Source)}</small>", Picture(sample.Png, $"{sample.Pool}, {sample.Label}")]),
        ]);
        text.Append("<h2>How</h2>");
        AddList(text, StudyTables.How(report));
        return text.Append('\n').ToString();
    }

    private static void AddList(StringBuilder text, IEnumerable<string> lines) => text.Append("<ul>").AppendJoin("", lines.Select(line => $"<li>{E(line)}</li>")).Append("</ul>");

    private static void AddTable(StringBuilder text, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        text.Append("<table>");
        foreach ((int number, IReadOnlyList<string> row) in rows.Index())
        {
            string tag = number == 0 ? "th" : "td";
            text.Append("<tr>").AppendJoin("", row.Select(cell => $"<{tag}>{cell}</{tag}>")).Append("</tr>");
        }

        text.Append("</table>");
    }

    private static IReadOnlyList<IReadOnlyList<string>> Encoded(IReadOnlyList<IReadOnlyList<string>> rows) => [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(E)])];

    private static string Picture(byte[] png, string what) => $"<img alt=\"{E(what)}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">";

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
