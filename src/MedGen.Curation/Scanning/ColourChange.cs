namespace MedGen.Curation.Scanning;

/// <summary>
/// How much a frame differs from the one before: the mean change of hue, saturation and value, as PySceneDetect's content detector has it
/// (github.com/Breakthrough/PySceneDetect, detectors/content_detector.py), but for two things: hue is a circle, and it counts by the saturation,
/// since the hue of a grey picture is noise and would make cuts in every ultrasound film.
/// </summary>
internal sealed class ColourChange(int pixels)
{
    private const int Circle = 180; // hue in half degrees, as there

    private byte[] _before = new byte[3 * pixels];
    private byte[] _now = new byte[3 * pixels];
    private bool _hasBefore;

    /// <summary>Takes a frame.</summary>
    /// <param name="rgb">R, G, B bytes.</param>
    /// <returns>The change since the frame before, 0 to 255; 0 for the first.</returns>
    public double Take(ReadOnlySpan<byte> rgb)
    {
        (_before, _now) = (_now, _before);
        for (int i = 0; i < rgb.Length; i += 3)
        {
            (_now[i], _now[i + 1], _now[i + 2]) = Hsv(rgb[i], rgb[i + 1], rgb[i + 2]);
        }

        if (!_hasBefore)
        {
            _hasBefore = true;
            return 0;
        }

        long sum = 0;
        for (int i = 0; i < _now.Length; i += 3)
        {
            int hue = Math.Abs(_now[i] - _before[i]);
            hue = Math.Min(hue, Circle - hue) * Math.Min(_now[i + 1], _before[i + 1]) / 255;
            sum += hue + Math.Abs(_now[i + 1] - _before[i + 1]) + Math.Abs(_now[i + 2] - _before[i + 2]);
        }

        return sum / (double)_now.Length;
    }

    private static (byte Hue, byte Saturation, byte Value) Hsv(int red, int green, int blue)
    {
        int value = Math.Max(red, Math.Max(green, blue));
        int range = value - Math.Min(red, Math.Min(green, blue));
        if (range == 0)
        {
            return (0, 0, (byte)value);
        }

        int sixth = value == red ? 30 * (green - blue) / range
            : value == green ? 60 + (30 * (blue - red) / range)
            : 120 + (30 * (red - green) / range);

        // The saturation of what is nearly black is noise, too: it is taken of the range, not of the ratio.
        return ((byte)((sixth + Circle) % Circle), (byte)range, (byte)value);
    }
}
