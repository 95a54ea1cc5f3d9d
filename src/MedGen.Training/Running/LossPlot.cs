using System.Globalization;
using System.Text;

namespace MedGen.Training.Running;

/// <summary>The loss over the steps as an SVG picture: each step faint, their running mean, and the held-out loss as points.</summary>
internal static class LossPlot
{
    private const double Width = 800;
    private const double Height = 400;
    private const double Margin = 60;
    private const int Ticks = 5;
    private const int MostPoints = 2000;

    /// <summary>Draws the picture.</summary>
    /// <param name="title">Title.</param>
    /// <param name="training">Step and loss.</param>
    /// <param name="validation">Step and loss on held-out clips; may be empty.</param>
    /// <returns>SVG text.</returns>
    public static string Draw(string title, IReadOnlyList<(int Step, double Loss)> training, IReadOnlyList<(int Step, double Loss)> validation)
    {
        double[] losses = [.. training.Concat(validation).Select(point => point.Loss).Where(double.IsFinite)];
        (double low, double high) = losses.Length == 0 ? (0, 1) : (losses.Min(), losses.Max());
        high = high > low ? high : low + 1;
        int last = Math.Max(2, training.Concat(validation).Select(point => point.Step).DefaultIfEmpty(2).Max());
        double X(double step) => Margin + ((step - 1) / (last - 1) * (Width - (2 * Margin)));
        double Y(double loss) => Height - Margin + ((loss - low) / (high - low) * ((2 * Margin) - Height));

        StringBuilder svg = new();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"100%\" height=\"100%\" fill=\"white\"/><text x=\"{Width / 2}\" y=\"24\" text-anchor=\"middle\" font-size=\"16\">{System.Security.SecurityElement.Escape(title)}</text>");
        for (int i = 0; i < Ticks; i++)
        {
            double share = i / (Ticks - 1.0);
            double loss = low + (share * (high - low));
            double step = 1 + (share * (last - 1));
            Line($"<line x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{Y(loss):0.#}\" y2=\"{Y(loss):0.#}\" stroke=\"#ddd\"/><text x=\"{Margin - 6}\" y=\"{Y(loss) + 4:0.#}\" text-anchor=\"end\">{loss:G3}</text>");
            Line($"<text x=\"{X(step):0.#}\" y=\"{Height - Margin + 18}\" text-anchor=\"middle\">{step:0}</text>");
        }

        Line($"<text x=\"{Width / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">step</text>");
        Curve(training, "#9bc", 1);
        Curve(Smooth(training), "#036", 2);
        foreach ((int step, double loss) in validation)
        {
            Line($"<circle cx=\"{X(step):0.#}\" cy=\"{Y(loss):0.#}\" r=\"4\" fill=\"#c50\"/>");
        }

        return svg.Append("</svg>\n").ToString();

        void Curve(IReadOnlyList<(int Step, double Loss)> points, string colour, int width)
        {
            int stride = Math.Max(1, points.Count / MostPoints);
            string path = string.Join(' ', points.Where((point, index) => index % stride == 0 && double.IsFinite(point.Loss))
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Step):0.#},{Y(point.Loss):0.#}")));
            Line($"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>");
        }

        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static List<(int Step, double Loss)> Smooth(IReadOnlyList<(int Step, double Loss)> points)
    {
        List<(int Step, double Loss)> smooth = [];
        double mean = 0;
        double weight = 0;
        foreach ((int step, double loss) in points)
        {
            mean = (0.95 * mean) + (0.05 * loss);
            weight = (0.95 * weight) + 0.05;
            smooth.Add((step, mean / weight));
        }

        return smooth;
    }
}
