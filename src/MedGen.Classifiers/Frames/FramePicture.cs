using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Frames;

/// <summary>
/// The content of a frame at a fixed size: cut to its content box and scaled to a square, so that resolution, borders and aspect ratio of
/// the source are gone. Training and inference both start from it.
/// </summary>
public sealed class FramePicture
{
    /// <summary>Width and height in px.</summary>
    public const int Side = 144;

    /// <summary>Number of bytes of a picture.</summary>
    public const int ByteCount = Side * Side * 3;

    private readonly byte[] _pixels;

    /// <summary>Wraps pixels that are already a picture.</summary>
    /// <param name="pixels">R, G, B bytes, row-major, <see cref="ByteCount"/> of them; not copied.</param>
    /// <exception cref="ArgumentException">The number of bytes is another.</exception>
    public FramePicture(byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != ByteCount)
        {
            throw new ArgumentException($"A picture has {ByteCount} bytes, got {pixels.Length}.", nameof(pixels));
        }

        _pixels = pixels;
    }

    /// <summary>R, G, B bytes, row-major.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Whether nothing is to be seen: 98 % of the brightness values lie within 12 steps of 255.</summary>
    public bool IsFlat
    {
        get
        {
            Span<int> counts = stackalloc int[256];
            for (int i = 0; i < _pixels.Length; i += 3)
            {
                counts[(_pixels[i] + (2 * _pixels[i + 1]) + _pixels[i + 2]) / 4]++;
            }

            return Quantile(counts, 0.99) - Quantile(counts, 0.01) < 12;
        }
    }

    /// <summary>Cuts a frame to its content and scales it (triangle filter, widened when it shrinks, so that nothing aliases).</summary>
    /// <param name="frame">The frame; not changed.</param>
    /// <returns>The picture.</returns>
    public static FramePicture FromFrame(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ContentBox box = ContentBoxFinder.Find(frame);
        FilterTap[] columns = FilterTap.ForAxis(box.Left, box.Width, Side);
        FilterTap[] rows = FilterTap.ForAxis(box.Top, box.Height, Side);

        // Columns first, for the rows of the box only; then rows.
        float[] narrow = new float[box.Height * Side * 3];
        ReadOnlySpan<byte> source = frame.Pixels.Span;
        for (int y = 0; y < box.Height; y++)
        {
            int line = (box.Top + y) * frame.Width * 3;
            for (int x = 0; x < Side; x++)
            {
                (float red, float green, float blue) = (0, 0, 0);
                FilterTap tap = columns[x];
                for (int k = 0; k < tap.Weights.Length; k++)
                {
                    int at = line + ((tap.Start + k) * 3);
                    float weight = tap.Weights[k];
                    red += weight * source[at];
                    green += weight * source[at + 1];
                    blue += weight * source[at + 2];
                }

                int to = ((y * Side) + x) * 3;
                (narrow[to], narrow[to + 1], narrow[to + 2]) = (red, green, blue);
            }
        }

        byte[] pixels = new byte[ByteCount];
        for (int y = 0; y < Side; y++)
        {
            FilterTap tap = rows[y];
            for (int i = 0; i < Side * 3; i++)
            {
                float sum = 0;
                for (int k = 0; k < tap.Weights.Length; k++)
                {
                    sum += tap.Weights[k] * narrow[((tap.Start - box.Top + k) * Side * 3) + i];
                }

                pixels[(y * Side * 3) + i] = (byte)Math.Clamp((int)MathF.Round(sum), 0, 255);
            }
        }

        return new FramePicture(pixels);
    }

    private static int Quantile(ReadOnlySpan<int> counts, double share)
    {
        int wanted = (int)(share * Side * Side);
        int value = 0;
        for (int seen = counts[0]; value < 255 && seen <= wanted; seen += counts[value])
        {
            value++;
        }

        return value;
    }
}
