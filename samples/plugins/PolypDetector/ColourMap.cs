using System.Numerics;
using MedGen.Sdk.Frames;

namespace PolypDetector;

/// <summary>
/// The colours of a frame on a grid of about <see cref="Side"/> cells along its shorter side, as four numbers a cell: X is redness,
/// ln R − (ln G + ln B) / 2; Y is ln G; Z is hue, ln G − ln B; W is ln R − 0.3 (ln G + ln B), which is high where tissue is redder and nearer to the
/// lamp than what surrounds it. X and Z do not depend on how much light there is. What is too dark to have a colour, and what mirrors the lamp,
/// counts as unknown.
/// </summary>
internal sealed class ColourMap
{
    private const int Side = 128;
    private const double LeastBrightness = 20; // of red
    private const double MirrorBrightness = 170; // of green and blue: tissue is never that white
    private const double Floor = 8; // added to each channel, so that noise in the dark has no colour

    private readonly Vector4[] _colours; // [H · W]
    private readonly bool[] _known;
    private readonly (Vector4 Sum, int Count)[] _sums; // [(H + 1) · (W + 1)], of what is known above and left

    /// <summary>Reads a frame.</summary>
    /// <param name="frame">In RGB24.</param>
    public ColourMap(VideoFrame frame)
    {
        Cell = Math.Max(1, (int)Math.Round(Math.Min(frame.Width, frame.Height) / (double)Side));
        (Width, Height) = (frame.Width / Cell, frame.Height / Cell);
        (_colours, _known) = (new Vector4[Width * Height], new bool[Width * Height]);
        _sums = new (Vector4, int)[(Width + 1) * (Height + 1)];
        ReadOnlySpan<byte> pixels = frame.Pixels.Span;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                (double red, double green, double blue) = MeanOfCell(pixels, frame.Width, x, y);
                int at = (y * Width) + x;
                _known[at] = red >= LeastBrightness && Math.Min(green, blue) <= MirrorBrightness;
                _colours[at] = Colour(Math.Log(red + Floor), Math.Log(green + Floor), Math.Log(blue + Floor));
                int below = ((y + 1) * (Width + 1)) + x + 1;
                int above = below - Width - 1;
                _sums[below] = (
                    (_known[at] ? _colours[at] : Vector4.Zero) + _sums[above].Sum + _sums[below - 1].Sum - _sums[above - 1].Sum,
                    (_known[at] ? 1 : 0) + _sums[above].Count + _sums[below - 1].Count - _sums[above - 1].Count);
            }
        }

        Mean = _sums[^1].Sum / Math.Max(1, _sums[^1].Count);
    }

    /// <summary>Width in cells.</summary>
    public int Width { get; }

    /// <summary>Height in cells.</summary>
    public int Height { get; }

    /// <summary>Side of a cell in px of the frame.</summary>
    public int Cell { get; }

    /// <summary>Mean of all that is known.</summary>
    public Vector4 Mean { get; }

    /// <summary>Colour of a cell; null: unknown.</summary>
    /// <param name="x">Its column.</param>
    /// <param name="y">Its row.</param>
    public Vector4? At(int x, int y) => _known[(y * Width) + x] ? _colours[(y * Width) + x] : null;

    /// <summary>Mean colour of the square around a cell; null: less than half of it is within the picture and known.</summary>
    /// <param name="x">Column of the middle.</param>
    /// <param name="y">Row of the middle.</param>
    /// <param name="reach">Cells from the middle to the edge.</param>
    public Vector4? MeanOf(int x, int y, int reach)
    {
        (int left, int right) = (Math.Clamp(x - reach, 0, Width), Math.Clamp(x + reach + 1, 0, Width));
        (int top, int bottom) = (Math.Clamp(y - reach, 0, Height), Math.Clamp(y + reach + 1, 0, Height));
        int row = Width + 1;
        (Vector4 all, int allCount) = _sums[(bottom * row) + right];
        (Vector4 above, int aboveCount) = _sums[(top * row) + right];
        (Vector4 before, int beforeCount) = _sums[(bottom * row) + left];
        (Vector4 both, int bothCount) = _sums[(top * row) + left];
        int count = allCount - aboveCount - beforeCount + bothCount;
        int side = (2 * reach) + 1;
        return 2 * count < side * side ? null : (all - above - before + both) / count;
    }

    private static Vector4 Colour(double red, double green, double blue) => new(
        (float)(red - ((green + blue) / 2)), (float)green, (float)(green - blue), (float)(red - (0.3 * (green + blue))));

    private (double Red, double Green, double Blue) MeanOfCell(ReadOnlySpan<byte> pixels, int width, int x, int y)
    {
        (int red, int green, int blue) = (0, 0, 0);
        for (int row = y * Cell; row < (y + 1) * Cell; row++)
        {
            int first = 3 * ((row * width) + (x * Cell));
            for (int at = first; at < first + (3 * Cell); at += 3)
            {
                (red, green, blue) = (red + pixels[at], green + pixels[at + 1], blue + pixels[at + 2]);
            }
        }

        double count = Cell * Cell;
        return (red / count, green / count, blue / count);
    }
}
