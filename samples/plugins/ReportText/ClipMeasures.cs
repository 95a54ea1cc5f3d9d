using MedGen.Sdk.Frames;

namespace ReportText;

/// <summary>What is measured of a clip, one frame after another, whatever it shows.</summary>
internal sealed class ClipMeasures
{
    private const double ColouredFrom = 0.02; // mean distance between the channels

    private byte[]? _last;
    private double _brightness;
    private double _colour;
    private double _change;
    private double _greatestChange = -1;

    /// <summary>Frames that were seen.</summary>
    public int Frames { get; private set; }

    /// <summary>Presentation time of the last frame.</summary>
    public TimeSpan LastFrame { get; private set; }

    /// <summary>Mean of all pixels, 0 for black to 1 for white.</summary>
    public double Brightness => _brightness / Frames;

    /// <summary>Whether there are colours.</summary>
    public bool IsColoured => _colour / Frames >= ColouredFrom;

    /// <summary>Mean change of a pixel from one frame to the next, 0 to 1; 0 for a still.</summary>
    public double Change => Frames < 2 ? 0 : _change / (Frames - 1);

    /// <summary>Presentation time of the frame that differs most from the one before it.</summary>
    public TimeSpan GreatestChangeAt { get; private set; }

    /// <summary>Takes the next frame.</summary>
    /// <param name="frame">In RGB24, of the same size as those before.</param>
    public void Add(VideoFrame frame)
    {
        byte[] pixels = frame.Pixels.ToArray();
        (long brightness, long colour, long change) = (0, 0, 0);
        for (int i = 0; i < pixels.Length; i += 3)
        {
            (byte red, byte green, byte blue) = (pixels[i], pixels[i + 1], pixels[i + 2]);
            brightness += red + green + blue;
            colour += Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue));
        }

        for (int i = 0; _last is not null && i < pixels.Length; i++)
        {
            change += Math.Abs(pixels[i] - _last[i]);
        }

        double all = 255.0 * pixels.Length;
        _brightness += brightness / all;
        _colour += 3 * colour / all;
        _change += change / all;
        if (_last is not null && change > _greatestChange)
        {
            (_greatestChange, GreatestChangeAt) = (change, frame.Timestamp);
        }

        (_last, LastFrame, Frames) = (pixels, frame.Timestamp, Frames + 1);
    }
}
