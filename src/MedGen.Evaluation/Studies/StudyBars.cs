using System.Globalization;
using MedGen.Training.Plotting;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Balanced accuracy, or mean absolute error, of every arm with all patients as bars, with its 95 % interval; a dashed line stands at the baseline.
/// </summary>
internal static class StudyBars
{
    private const int HeightPerArm = 34;
    private const int HeightOfAxis = 70;
    private static readonly Color Baseline = Color.FromHex("#666666");
    private static readonly Color Other = Color.FromHex("#8cbadd");

    /// <summary>Draws.</summary>
    /// <returns>A PNG file.</returns>
    public static byte[] Png(StudyReport report)
    {
        ArmResult[] arms = [.. report.Results.Where(result => result.Fraction == 1)];
        double top = StudyPlot.TopOf(report);
        using Plot plot = new();
        foreach ((int number, ArmResult arm) in arms.Index())
        {
            AddArm(plot, arm, Row(number), top, number == 0 ? Baseline : Other);
        }

        ScottPlot.Plottables.VerticalLine baseline = plot.Add.VerticalLine(arms[0].Primary);
        (baseline.LinePattern, baseline.Color, baseline.LineWidth) = (LinePattern.Dashed, StudyPlot.Ink, 1);

        plot.Axes.Left.TickGenerator = new NumericManual([.. arms.Select((_, number) => Row(number))], [.. arms.Select(arm => arm.Arm)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        if (report.Outcome == StudyOutcome.Class)
        {
            plot.Axes.Bottom.TickGenerator = StudyPlot.AccuracyTicks();
        }

        plot.Grid.YAxisStyle.IsVisible = false;
        plot.XLabel($"{StudyPlot.MeasureOf(report).ToLowerInvariant()} with its 95 % interval, all patients");

        // Right of the top there is room for the figure of an interval that ends there.
        plot.Axes.SetLimits(0, 1.1 * top, Row(arms.Length - 1) - 0.6, Row(0) + 0.6);
        PlotLook.Finish(plot);
        return plot.GetImageBytes(PlotLook.Width, HeightOfAxis + (HeightPerArm * arms.Length), ImageFormat.Png);

        double Row(int number) => arms.Length - 1 - number; // the first arm on top
    }

    private static void AddArm(Plot plot, ArmResult arm, double row, double top, Color colour)
    {
        double value = arm.Primary;
        plot.Add.Bar(new Bar { Position = row, Value = value, Orientation = Orientation.Horizontal, Size = 0.62, FillColor = colour, LineWidth = 0 });
        StudyPlot.AddInterval(plot, new(arm.Low, row), new(arm.High, row), MarkerShape.VerticalBar, StudyPlot.Ink);
        ScottPlot.Plottables.Text figure = plot.Add.Text(value.ToString("0.000", CultureInfo.InvariantCulture), arm.High + (0.012 * top), row);
        (figure.LabelAlignment, figure.LabelFontColor, figure.LabelFontName) = (Alignment.MiddleLeft, StudyPlot.Ink, PlotLook.Font);
    }
}
