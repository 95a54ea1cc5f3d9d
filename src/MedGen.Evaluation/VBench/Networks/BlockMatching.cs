using MedGen.Evaluation.VBench.Dimensions;
using MedGen.Media.Images;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary>
/// Flow of blocks of 8 × 8 grey pixels, at a shorter side of 128 px: for each block of the first frame the nearest place in the second with the
/// least absolute difference, at most 8 px away in each direction.
/// </summary>
internal sealed class BlockMatching : IOpticalFlow
{
    private const int ShorterSide = 128;
    private const int Block = 8;
    private const int Reach = 8;

    // Nearest first: of places that fit as well, the nearest is taken, so that an even surface stands still.
    private static readonly (int X, int Y)[] Shifts =
    [
        .. from y in Enumerable.Range(-Reach, (2 * Reach) + 1)
           from x in Enumerable.Range(-Reach, (2 * Reach) + 1)
           orderby (x * x) + (y * y)
           select (x, y),
    ];

    public IReadOnlyCollection<float> Lengths(ClipFrame before, ClipFrame after)
    {
        double scale = Math.Min(1, (double)ShorterSide / Math.Min(before.Width, before.Height));
        (byte[] first, int width, int height) = Grey(before, scale);
        (byte[] second, _, _) = Grey(after, scale);
        List<float> lengths = [];
        for (int top = 0; top + Block <= height; top += Block)
        {
            for (int left = 0; left + Block <= width; left += Block)
            {
                (int x, int y) = Best(first, second, width, height, left, top);
                lengths.Add((float)(Math.Sqrt((x * x) + (y * y)) / scale));
            }
        }

        return lengths;
    }

    private static (int X, int Y) Best(byte[] first, byte[] second, int width, int height, int left, int top)
    {
        (int X, int Y) best = (0, 0);
        int least = int.MaxValue;
        foreach ((int x, int y) in Shifts)
        {
            if (left + x < 0 || top + y < 0 || left + x + Block > width || top + y + Block > height)
            {
                continue;
            }

            int difference = 0;
            for (int i = 0; i < Block * Block && difference < least; i++)
            {
                int at = ((top + (i / Block)) * width) + left + (i % Block);
                difference += Math.Abs(first[at] - second[at + (y * width) + x]);
            }

            if (difference < least)
            {
                (best, least) = ((x, y), difference);
            }
        }

        return best;
    }

    private static (byte[] Grey, int Width, int Height) Grey(ClipFrame frame, double scale)
    {
        (int width, int height) = ((int)Math.Round(frame.Width * scale), (int)Math.Round(frame.Height * scale));
        using VideoFrame whole = VideoFrame.Wrap(frame.Pixels, frame.Width, frame.Height);
        using VideoFrame scaled = FrameScaler.Scale(whole, width, height);
        using VideoFrame grey = scaled.ToGray8();
        return (grey.Pixels.ToArray(), width, height);
    }
}
