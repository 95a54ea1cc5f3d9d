using MedGen.Training.Plotting;
using ScottPlot;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Calibration of every arm with all patients: mean true number over mean predicted one, by tenths of the answers. On the dashed line both are the
/// same.
/// </summary>
internal static class StudyCalibration
{
    private const int Height = 420;
    private const float PointSize = 6; // px

    /// <summary>Draws.</summary>
    /// <param name="results">All arms; those at other shares are left out.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static string Svg(IEnumerable<ArmResult> results)
    {
        ArmResult[] arms = [.. results.Where(result => result.Fraction == 1)];
        using Plot plot = new();
        double[] all = [.. arms.SelectMany(arm => arm.Numbers!.Calibration.SelectMany(group => new[] { group.Predicted, group.True }))];
        (double low, double high) = (all.Min(), all.Max());
        double margin = Math.Max(1e-9, (high - low) / 20);
        ScottPlot.Plottables.LinePlot diagonal = plot.Add.Line(low, low, high, high);
        (diagonal.LinePattern, diagonal.Color, diagonal.LineWidth) = (LinePattern.Dashed, StudyPlot.Ink, 1);
        foreach ((int number, ArmResult arm) in arms.Index())
        {
            (Color colour, MarkerShape shape) = StudyPlot.LookOf(number);
            Coordinates[] points = [.. arm.Numbers!.Calibration.Select(group => new Coordinates(group.Predicted, group.True))];
            ScottPlot.Plottables.Scatter curve = plot.Add.Scatter(points, colour);
            (curve.LegendText, curve.LineWidth, curve.MarkerShape, curve.MarkerSize) = (arm.Arm, StudyPlot.Stroke, shape, PointSize);
        }

        plot.XLabel("mean predicted number of a tenth of the answers");
        plot.YLabel("mean true number");
        plot.Axes.SetLimits(low - margin, high + margin, low - margin, high + margin);
        plot.ShowLegend(Edge.Right);
        plot.Legend.ShadowColor = Colors.Transparent;
        PlotLook.Finish(plot);
        return PlotLook.Svg(plot, Height);
    }
}
