using MedGen.Sdk.Frames;

namespace MedGen.Curation.Scanning;

/// <summary>The size at which films are looked at.</summary>
internal static class ScanSize
{
    private const int ShortestSide = 16;

    /// <summary>The size with a longer side that is no longer than asked.</summary>
    public static (int Width, int Height) Of(VideoInfo info, int longSide)
    {
        double scale = Math.Min(1, (double)longSide / Math.Max(info.Width, info.Height));
        return (Side(info.Width * scale), Side(info.Height * scale));
    }

    private static int Side(double length) => Math.Max(ShortestSide, (int)Math.Round(length));
}
