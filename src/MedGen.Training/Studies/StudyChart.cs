using System.Globalization;
using System.Net;
using System.Text;

namespace MedGen.Training.Studies;

/// <summary>Learning curves as SVG: balanced accuracy with its interval over the share of the patients, a colour for each arm.</summary>
internal static class StudyChart
{
    private const int Width = 760;
    private const int Height = 340;
    private const int Left = 50;
    private const int Bottom = 300;
    private const int Right = 520;
    private const int Top = 20;
    private static readonly string[] Colours = ["#222222", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999"];

    /// <summary>Draws.</summary>
    public static string Svg(StudyReport report)
    {
        double[] fractions = [.. report.Results.Select(result => result.Fraction).Distinct().Order()];
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        for (int tenth = 0; tenth <= 10; tenth += 2)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(tenth / 10.0):0.#}\" y2=\"{Y(tenth / 10.0):0.#}\" stroke=\"#ddd\"/><text x=\"{Left - 30}\" y=\"{Y(tenth / 10.0) + 4:0.#}\">{tenth / 10.0:0.0}</text>");
        }

        foreach ((int place, double fraction) in fractions.Index())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(place):0.#}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{fraction:P0}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 36}\" text-anchor=\"middle\">share of the training patients; y: balanced accuracy</text>");
        string[] arms = [.. report.Results.Select(result => result.Arm).Distinct()];
        foreach ((int number, string arm) in arms.Index())
        {
            string colour = Colours[number % Colours.Length];
            double shift = (number - ((arms.Length - 1) / 2.0)) * 5;
            (double X, ArmResult Result)[] points = [.. report.Results.Where(result => result.Arm == arm).Select(result => (X(Array.IndexOf(fractions, result.Fraction)) + shift, result))];
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" points=\"");
            foreach ((double x, ArmResult result) in points)
            {
                svg.Append(CultureInfo.InvariantCulture, $"{x:0.#},{Y(result.Scores.BalancedAccuracy):0.#} ");
            }

            svg.Append("\"/>");
            foreach ((double x, ArmResult result) in points)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Y(result.Low):0.#}\" y2=\"{Y(result.High):0.#}\" stroke=\"{colour}\"/><circle cx=\"{x:0.#}\" cy=\"{Y(result.Scores.BalancedAccuracy):0.#}\" r=\"3\" fill=\"{colour}\"/>");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Right + 30}\" cy=\"{Top + 10 + (20 * number)}\" r=\"4\" fill=\"{colour}\"/><text x=\"{Right + 42}\" y=\"{Top + 14 + (20 * number)}\">{WebUtility.HtmlEncode(arm)}</text>");
        }

        return svg.Append("</svg>").ToString();

        double X(int place) => Left + ((place + 0.5) * (Right - Left) / fractions.Length);

        static double Y(double value) => Bottom - ((double.IsFinite(value) ? value : 0) * (Bottom - Top));
    }
}
