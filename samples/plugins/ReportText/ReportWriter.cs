using System.Globalization;
using MedGen.Sdk.Frames;

namespace ReportText;

/// <summary>Says in sentences what was measured.</summary>
internal static class ReportWriter
{
    // Not of the machine: a report reads the same everywhere.
    private static readonly NumberFormatInfo German = new() { NumberDecimalSeparator = "," };

    /// <summary>Writes the report.</summary>
    /// <param name="info">What is known of the clip.</param>
    /// <param name="measures">Of at least one frame.</param>
    /// <param name="language">Language to write in.</param>
    public static string Write(VideoInfo info, ClipMeasures measures, ReportLanguage language)
    {
        double seconds = (info.Duration ?? measures.LastFrame).TotalSeconds;
        (double brightness, double change, double greatest) =
            (100 * measures.Brightness, 100 * measures.Change, measures.GreatestChangeAt.TotalSeconds);
        return language switch
        {
            ReportLanguage.En when measures.Frames == 1 => string.Create(
                CultureInfo.InvariantCulture,
                $"A {Colours("grey", "coloured")} still of {info.Width} × {info.Height} px. It is {Light("dark", "of medium brightness", "bright")} "
                    + $"(mean {brightness:0} %)."),
            ReportLanguage.En => string.Create(
                CultureInfo.InvariantCulture,
                $"A {Colours("grey", "coloured")} clip of {measures.Frames} frames with {info.Width} × {info.Height} px in {seconds:0.0} s. "
                    + $"It is {Light("dark", "of medium brightness", "bright")} (mean {brightness:0} %). "
                    + $"{Motion("Nothing moves", "Little moves", "Much moves")}: from frame to frame, pixels change by {change:0.0} % in the mean"
                    + $"{(change > 0 ? FormattableString.Invariant($", most at {greatest:0.00} s") : "")}."),
            ReportLanguage.De when measures.Frames == 1 => string.Create(
                German,
                $"Ein {Colours("graues", "farbiges")} Standbild mit {info.Width} × {info.Height} px. Es ist {Light("dunkel", "mittelhell", "hell")} "
                    + $"(im Mittel {brightness:0} %)."),
            _ => string.Create(
                German,
                $"Ein {Colours("grauer", "farbiger")} Clip aus {measures.Frames} Bildern mit {info.Width} × {info.Height} px in {seconds:0.0} s. "
                    + $"Er ist {Light("dunkel", "mittelhell", "hell")} (im Mittel {brightness:0} %). "
                    + $"{Motion("Nichts bewegt sich", "Wenig bewegt sich", "Viel bewegt sich")}: Von Bild zu Bild ändern sich die Pixel im Mittel um "
                    + $"{change:0.0} %{(change > 0 ? string.Create(German, $", am meisten bei {greatest:0.00} s") : "")}."),
        };

        string Colours(string grey, string coloured) => measures.IsColoured ? coloured : grey;

        string Light(string dark, string medium, string bright) => brightness < 25 ? dark : brightness < 60 ? medium : bright;

        string Motion(string none, string little, string much) => change < 0.05 ? none : change < 3 ? little : much;
    }
}
