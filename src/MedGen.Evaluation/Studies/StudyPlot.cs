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

    /// <summary>Text, and lines that stand for no arm.</summary>
    public static readonly Color Ink = Color.FromHex("#222222");

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

    /// <summary>The scale of a balanced accuracy, 0 to 1.</summary>
    public static ITickGenerator AccuracyTicks()
    {
        double[] ticks = [.. Enumerable.Range(0, 6).Select(number => number / 5.0)];
        return new NumericManual(ticks, [.. ticks.Select(tick => tick.ToString("0.0", CultureInfo.InvariantCulture))]);
    }
}
