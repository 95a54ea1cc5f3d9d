using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MedGen.Training.Studies;

/// <summary>Balanced accuracy of every arm with all patients as bars, with its 95 % interval; a dashed line stands at the baseline.</summary>
internal static class StudyBars
{
    private const int Width = 900;
    private const int HeightPerArm = 34;
    private const int HeightOfAxis = 70;
    private const float Stroke = 1.6f;
    private const string Font = "DejaVu Sans"; // where it is not installed, the system's own
    private const double Cap = 0.14; // half of an interval's end mark, in bars
    private static readonly Color Baseline = Color.FromHex("#666666");
    private static readonly Color Other = Color.FromHex("#8cbadd");
    private static readonly Color Ink = Color.FromHex("#222222");

    /// <summary>Draws.</summary>
    /// <returns>A PNG file.</returns>
    public static byte[] Png(StudyReport report)
    {
        ArmResult[] arms = [.. report.Results.Where(result => result.Fraction == 1)];
        using Plot plot = new();
        foreach ((int number, ArmResult arm) in arms.Index())
        {
            AddArm(plot, arm, Row(number), number == 0 ? Baseline : Other);
        }

        ScottPlot.Plottables.VerticalLine baseline = plot.Add.VerticalLine(arms[0].Scores.BalancedAccuracy);
        (baseline.LinePattern, baseline.Color, baseline.LineWidth) = (LinePattern.Dashed, Ink, 1);

        plot.Axes.Left.TickGenerator = new NumericManual([.. arms.Select((_, number) => Row(number))], [.. arms.Select(arm => arm.Arm)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Bottom.TickGenerator = new NumericFixedInterval(0.2);
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.XLabel("balanced accuracy with its 95 % interval, all patients");
        plot.Axes.Bottom.Label.Bold = false;

        // Right of 1 there is room for the figure of an interval that ends there.
        plot.Axes.SetLimits(0, 1.1, Row(arms.Length - 1) - 0.6, Row(0) + 0.6);
        plot.Font.Set(Font);
        return plot.GetImageBytes(Width, HeightOfAxis + (HeightPerArm * arms.Length), ImageFormat.Png);

        double Row(int number) => arms.Length - 1 - number; // the first arm on top
    }

    private static void AddArm(Plot plot, ArmResult arm, double row, Color colour)
    {
        double value = arm.Scores.BalancedAccuracy;
        plot.Add.Bar(new Bar { Position = row, Value = value, Orientation = Orientation.Horizontal, Size = 0.62, FillColor = colour, LineWidth = 0 });
        foreach ((double x1, double y1, double x2, double y2) in
            ((double, double, double, double)[])[(arm.Low, row, arm.High, row), (arm.Low, row - Cap, arm.Low, row + Cap), (arm.High, row - Cap, arm.High, row + Cap)])
        {
            ScottPlot.Plottables.LinePlot line = plot.Add.Line(x1, y1, x2, y2);
            (line.Color, line.LineWidth, line.MarkerSize) = (Ink, Stroke, 0);
        }

        ScottPlot.Plottables.Text figure = plot.Add.Text(value.ToString("0.000", CultureInfo.InvariantCulture), arm.High + 0.012, row);
        (figure.LabelAlignment, figure.LabelFontColor, figure.LabelFontName) = (Alignment.MiddleLeft, Ink, Font);
    }
}
