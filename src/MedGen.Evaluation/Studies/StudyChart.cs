using System.Globalization;
using MedGen.Training.Plotting;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Learning curves: balanced accuracy, or mean absolute error, with its 95 % interval over the share of the training patients, a colour for each arm,
/// and a shape of its points where there are more arms than colours. What is not defined is left out.
/// </summary>
internal static class StudyChart
{
    private const int Height = 420;
    private const float PointSize = 7; // px
    private const double Spread = 0.6; // the arms at one share stand beside each other, over so much of the way to the next share

    /// <summary>Draws.</summary>
    /// <returns>An <c>svg</c> element.</returns>
    public static string Svg(StudyReport report)
    {
        double[] fractions = [.. report.Results.Select(result => result.Fraction).Distinct().Order()];
        string[] arms = [.. report.Results.Select(result => result.Arm).Distinct()];
        double top = StudyPlot.TopOf(report);
        using Plot plot = new();
        foreach ((int number, string arm) in arms.Index())
        {
            double shift = Spread * (((number + 0.5) / arms.Length) - 0.5);
            (Color colour, MarkerShape shape) = StudyPlot.LookOf(number);
            AddArm(
                plot, arm, colour, shape,
                [.. report.Results.Where(result => result.Arm == arm).OrderBy(result => result.Fraction).Select(result =>
                    (Array.IndexOf(fractions, result.Fraction) + shift, result))]);
        }

        if (report.Outcome == StudyOutcome.Class)
        {
            plot.Axes.Left.TickGenerator = StudyPlot.AccuracyTicks();
        }

        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. fractions.Index().Select(one => (double)one.Index)],
            [.. fractions.Select(fraction => fraction.ToString("P0", CultureInfo.InvariantCulture))]);
        plot.Axes.Bottom.MajorTickStyle.Length = 0;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.XLabel("share of the training patients");
        plot.YLabel($"{StudyPlot.MeasureOf(report).ToLowerInvariant()} with its 95 % interval");
        plot.Axes.SetLimits(-0.5, fractions.Length - 0.5, -0.02 * top, 1.02 * top);
        plot.ShowLegend(Edge.Right);
        plot.Legend.ShadowColor = Colors.Transparent;
        PlotLook.Finish(plot);
        return PlotLook.Svg(plot, Height);
    }

    private static void AddArm(Plot plot, string arm, Color colour, MarkerShape shape, IReadOnlyList<(double X, ArmResult Result)> results)
    {
        Coordinates[] points = [.. results.Select(one => new Coordinates(one.X, one.Result.Primary)).Where(point => point.AreReal)];
        ScottPlot.Plottables.Scatter curve = plot.Add.Scatter(points, colour);
        (curve.LegendText, curve.LineWidth, curve.MarkerShape, curve.MarkerSize) = (arm, StudyPlot.Stroke, shape, PointSize);
        foreach ((double x, ArmResult result) in results)
        {
            StudyPlot.AddInterval(plot, new(x, result.Low), new(x, result.High), MarkerShape.HorizontalBar, colour);
        }
    }
}
