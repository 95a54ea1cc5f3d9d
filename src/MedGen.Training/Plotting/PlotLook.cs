using System.Text.RegularExpressions;
using ScottPlot;

namespace MedGen.Training.Plotting;

/// <summary>What all plots have in common.</summary>
internal static partial class PlotLook
{
    /// <summary>Width of a plot in px.</summary>
    public const int Width = 900;

    /// <summary>Where it is not installed, the system's own.</summary>
    public const string Font = "DejaVu Sans";

    /// <summary>Takes the frame from above and from the right, where there is no scale, and sets the font of all that is there.</summary>
    public static void Finish(Plot plot)
    {
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Font.Set(Font);
    }

    /// <summary>
    /// Draws a plot as an <c>svg</c> element, without the declaration of a file, and without the comma at the end of every list of places, which SVG
    /// does not allow.
    /// </summary>
    /// <param name="plot">The plot.</param>
    /// <param name="height">Height in px.</param>
    /// <returns>The element.</returns>
    public static string Svg(Plot plot, int height)
    {
        string svg = plot.GetSvgXml(Width, height);
        return TrailingComma().Replace(svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].TrimEnd(), "");
    }

    [GeneratedRegex("(?<= [xy]=\"[-0-9., ]+), (?=\")")]
    private static partial Regex TrailingComma();
}
