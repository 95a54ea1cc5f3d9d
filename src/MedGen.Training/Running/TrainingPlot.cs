using MedGen.Training.Plotting;
using ScottPlot;
using ScottPlot.Plottables;

namespace MedGen.Training.Running;

/// <summary>A quantity over the steps of a run as an SVG picture: each step faint, their running mean, and held-out values as points.</summary>
internal static class TrainingPlot
{
    private const int Height = 420;
    private const int MaxPoints = 2000;
    private const double MeanDecay = 0.95;

    /// <summary>Draws the picture.</summary>
    /// <param name="title">Title.</param>
    /// <param name="quantity">What is drawn, for the axis.</param>
    /// <param name="curve">Its values.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static string Svg(string title, string quantity, TrainingCurve curve)
    {
        using Plot plot = new();
        Add(plot, "step", Thinned(curve.Training), "#99bbcc", 1, 0);
        Add(plot, "running mean", Thinned(Mean(curve.Training)), "#003366", 2, 0);
        Add(plot, "held out", curve.Validation, "#cc5500", 0, 8);
        plot.Title(title);
        plot.XLabel("step");
        plot.YLabel(quantity);
        plot.ShowLegend(Edge.Right);
        plot.Legend.ShadowColor = Colors.Transparent;
        PlotLook.Finish(plot);
        return PlotLook.Svg(plot, Height);
    }

    private static void Add(Plot plot, string name, IEnumerable<(int Step, double Value)> points, string colour, float line, float marker)
    {
        Coordinates[] places = [.. points.Where(point => double.IsFinite(point.Value)).Select(point => new Coordinates(point.Step, point.Value))];
        if (places.Length == 0)
        {
            return;
        }

        Scatter scatter = plot.Add.Scatter(places, Color.FromHex(colour));
        (scatter.LegendText, scatter.LineWidth, scatter.MarkerSize) = (name, line, marker);
    }

    private static IEnumerable<(int Step, double Value)> Thinned(IReadOnlyList<(int Step, double Value)> points)
    {
        int stride = Math.Max(1, points.Count / MaxPoints);
        return points.Where((_, index) => index % stride == 0);
    }

    private static List<(int Step, double Value)> Mean(IReadOnlyList<(int Step, double Value)> points)
    {
        List<(int Step, double Value)> means = [];
        double sum = 0;
        double weight = 0;
        foreach ((int step, double value) in points.Where(point => double.IsFinite(point.Value)))
        {
            sum = (MeanDecay * sum) + ((1 - MeanDecay) * value);
            weight = (MeanDecay * weight) + (1 - MeanDecay);
            means.Add((step, sum / weight));
        }

        return means;
    }
}
