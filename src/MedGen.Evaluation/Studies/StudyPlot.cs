using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MedGen.Evaluation.Studies;

/// <summary>What the pictures of a study have in common.</summary>
internal static class StudyPlot
{
    /// <summary>Width of lines in px.</summary>
    public const float Stroke = 1.6f;

    private const float EndMark = 9; // px

    // Those of Okabe and Ito (2008), which the colour-blind can tell apart, but for yellow, which white swallows: grey stands in its place.
    private static readonly Color[] Colours =
        Color.FromHex(["#222222", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999"]);

    private static readonly MarkerShape[] Shapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    /// <summary>Text, and lines that stand for no arm.</summary>
    public static readonly Color Ink = Color.FromHex("#222222");

    /// <summary>What arms are compared by.</summary>
    /// <param name="study">The study.</param>
    public static string MeasureOf(StudyReport study) => study.Outcome == StudyOutcome.Number ? "Mean absolute error" : "Balanced accuracy";

    /// <summary>Top of the measure's scale: 1 for an accuracy, for an error what holds all of them.</summary>
    /// <param name="study">The study.</param>
    public static double TopOf(StudyReport study) => study.Outcome == StudyOutcome.Class
        ? 1
        : Math.Max(1e-9, study.Results.SelectMany(result => new[] { result.Primary, result.High }).Where(double.IsFinite).DefaultIfEmpty(1).Max());

    /// <summary>Draws an interval with a mark across each end; nothing where it is not defined.</summary>
    /// <param name="plot">The picture.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="endMark">A bar across the interval.</param>
    /// <param name="colour">Its colour.</param>
    public static void AddInterval(Plot plot, Coordinates low, Coordinates high, MarkerShape endMark, Color colour)
    {
        if (!low.AreReal || !high.AreReal)
        {
            return;
        }

        ScottPlot.Plottables.LinePlot line = plot.Add.Line(low, high);
        (line.Color, line.LineWidth) = (colour, Stroke);
        (line.MarkerShape, line.MarkerSize, line.MarkerLineColor, line.MarkerLineWidth) = (endMark, EndMark, colour, Stroke);
    }

    /// <summary>Colour and shape of an arm's points: a shape of their own where there are more arms than colours.</summary>
    /// <param name="number">Number of the arm, from 0.</param>
    public static (Color Colour, MarkerShape Shape) LookOf(int number) =>
        (Colours[number % Colours.Length], Shapes[number / Colours.Length % Shapes.Length]);

    /// <summary>The scale of an accuracy, 0 to 1.</summary>
    public static ITickGenerator AccuracyTicks()
    {
        double[] ticks = [.. Enumerable.Range(0, 6).Select(number => number / 5.0)];
        return new NumericManual(ticks, [.. ticks.Select(tick => tick.ToString("0.0", CultureInfo.InvariantCulture))]);
    }
}
