using MedGen.Training.Plotting;
using ScottPlot;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Reliability of every arm with all patients: how often answers of a confidence are right. On the dashed line confidence and accuracy are the same.
/// </summary>
internal static class StudyReliability
{
    private const int Height = 420;
    private const float PointSize = 6; // px

    /// <summary>Draws.</summary>
    /// <param name="results">All arms; those at other shares are left out.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static string Svg(IEnumerable<ArmResult> results)
    {
        using Plot plot = new();
        ScottPlot.Plottables.LinePlot diagonal = plot.Add.Line(0, 0, 1, 1);
        (diagonal.LinePattern, diagonal.Color, diagonal.LineWidth) = (LinePattern.Dashed, StudyPlot.Ink, 1);
        foreach ((int number, ArmResult arm) in results.Where(result => result.Fraction == 1).Index())
        {
            (Color colour, MarkerShape shape) = StudyPlot.LookOf(number);
            Coordinates[] points = [.. arm.Reliability.Select(bin => new Coordinates(bin.Confidence, bin.Accuracy))];
            ScottPlot.Plottables.Scatter curve = plot.Add.Scatter(points, colour);
            (curve.LegendText, curve.LineWidth, curve.MarkerShape, curve.MarkerSize) = (arm.Arm, StudyPlot.Stroke, shape, PointSize);
        }

        plot.Axes.Left.TickGenerator = StudyPlot.AccuracyTicks();
        plot.Axes.Bottom.TickGenerator = StudyPlot.AccuracyTicks();
        plot.XLabel("mean confidence of the answers in a bin");
        plot.YLabel("share of them that are right");
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        plot.ShowLegend(Edge.Right);
        plot.Legend.ShadowColor = Colors.Transparent;
        PlotLook.Finish(plot);
        return PlotLook.Svg(plot, Height);
    }
}
