using System.Globalization;
using System.Security;
using System.Text;
using MedGen.Curation.Results;
using MedGen.Datasets.Reports;

namespace MedGen.Curation.Writing;

/// <summary>The funnel as a picture: how many minutes each stage let through.</summary>
internal static class FunnelPicture
{
    private const int RowHeight = 26;
    private const int LabelWidth = 190;
    private const int BarWidth = 420;
    private const int Width = LabelWidth + BarWidth + 110;

    /// <summary>Draws.</summary>
    /// <param name="funnel">The rows.</param>
    /// <returns>An SVG file.</returns>
    public static ReportFigure Of(IReadOnlyList<FunnelRow> funnel)
    {
        FunnelRow[] ran = [.. funnel.Where(row => row.LeftOut is null)];
        double most = Math.Max(1e-6, ran.Max(row => row.Count.SecondsBefore));
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{(ran.Length * RowHeight) + 8}\" ")
            .Append("font-family=\"sans-serif\" font-size=\"12\" fill=\"#222222\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        foreach ((int number, FunnelRow row) in ran.Index())
        {
            int top = 4 + (number * RowHeight);
            double bar = BarWidth * row.Count.SecondsAfter / most;
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{LabelWidth - 8}\" y=\"{top + 17}\" text-anchor=\"end\">{SecurityElement.Escape(row.Stage)}</text>")
                .Append(CultureInfo.InvariantCulture,
                    $"<rect x=\"{LabelWidth}\" y=\"{top + 4}\" width=\"{bar:0.0}\" height=\"{RowHeight - 8}\" fill=\"#8cbadd\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth + bar + 6:0.0}\" y=\"{top + 17}\">")
                .Append(CultureInfo.InvariantCulture, $"{row.Count.SecondsAfter / 60:0.0} min, {row.Count.After} {row.Unit}</text>\n");
        }

        svg.Append("</svg>\n");
        return new ReportFigure
        {
            FileName = "funnel.svg", Caption = "Minutes of film that each stage let through", Content = Encoding.UTF8.GetBytes(svg.ToString()),
        };
    }
}
