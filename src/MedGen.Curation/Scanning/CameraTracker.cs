namespace MedGen.Curation.Scanning;

/// <summary>
/// Finds the shift of the picture as a whole: the best match of textured blocks of 8 × 8 px of a small picture in the one before (least absolute
/// difference, to a fraction of a px), and through them a shift, growth and turn that leaves out, in three rounds, the blocks that go their
/// own way, such as instruments. Where fewer than half of the blocks agree, nothing is said.
/// </summary>
internal sealed class CameraTracker
{
    private const int Width = 64;
    private const int Block = 8;
    private const int Reach = 5;
    private const int FewestBlocks = 6;
    private const int Rounds = 3;
    private const double LeastContrast = 6; // mean absolute deviation in grey levels: less is noise, which matches anywhere
    private const double AgreeWithin = 0.75; // px

    // Nearest first: of places that fit as well the nearest is taken, so that an even surface stands still.
    private static readonly (int X, int Y)[] Shifts =
    [
        .. from y in Enumerable.Range(-Reach, (2 * Reach) + 1)
           from x in Enumerable.Range(-Reach, (2 * Reach) + 1)
           orderby (x * x) + (y * y)
           select (x, y),
    ];

    private readonly int _height;
    private byte[] _before;
    private byte[] _now;
    private bool _hasBefore;

    /// <summary>A tracker of frames of one size.</summary>
    /// <param name="width">Their width in px.</param>
    /// <param name="height">Their height in px.</param>
    public CameraTracker(int width, int height)
    {
        _height = Math.Max(Block, (int)Math.Round((double)Width * height / width));
        (_before, _now) = (new byte[Width * _height], new byte[Width * _height]);
    }

    /// <summary>Takes a frame.</summary>
    /// <param name="luma">Brightness, row-major.</param>
    /// <param name="width">Width in px.</param>
    /// <param name="height">Height in px.</param>
    /// <returns>The shift since the frame before; null: it is the first, or too little of the picture agrees on one.</returns>
    public CameraShift? Take(ReadOnlySpan<byte> luma, int width, int height)
    {
        (_before, _now) = (_now, _before);
        Shrink(luma, width, height);
        if (!_hasBefore)
        {
            _hasBefore = true;
            return null;
        }

        // Not at the edges: what leaves the picture cannot be found again.
        List<BlockShift> blocks = [];
        for (int top = Reach; top + Block + Reach <= _height; top += Block)
        {
            for (int left = Reach; left + Block + Reach <= Width; left += Block)
            {
                if (Contrast(left, top) >= LeastContrast)
                {
                    blocks.Add(Match(left, top));
                }
            }
        }

        return Fit(blocks);
    }

    private void Shrink(ReadOnlySpan<byte> luma, int width, int height)
    {
        for (int y = 0; y < _height; y++)
        {
            (int from, int to) = (y * height / _height, Math.Max((y * height / _height) + 1, (y + 1) * height / _height));
            for (int x = 0; x < Width; x++)
            {
                (int left, int right) = (x * width / Width, Math.Max((x * width / Width) + 1, (x + 1) * width / Width));
                int sum = 0;
                for (int row = from; row < to; row++)
                {
                    for (int column = left; column < right; column++)
                    {
                        sum += luma[(row * width) + column];
                    }
                }

                _now[(y * Width) + x] = (byte)(sum / ((to - from) * (right - left)));
            }
        }
    }

    private double Contrast(int left, int top)
    {
        int sum = 0;
        for (int i = 0; i < Block * Block; i++)
        {
            sum += _before[((top + (i / Block)) * Width) + left + (i % Block)];
        }

        int mean = sum / (Block * Block);
        int deviation = 0;
        for (int i = 0; i < Block * Block; i++)
        {
            deviation += Math.Abs(_before[((top + (i / Block)) * Width) + left + (i % Block)] - mean);
        }

        return (double)deviation / (Block * Block);
    }

    private BlockShift Match(int left, int top)
    {
        (int X, int Y) best = (0, 0);
        int least = int.MaxValue;
        foreach ((int x, int y) in Shifts)
        {
            int difference = Difference(left, top, x, y, least);
            if (difference < least)
            {
                (best, least) = ((x, y), difference);
            }
        }

        (double fineX, double fineY) = (
            Vertex(Difference(left, top, best.X - 1, best.Y), least, Difference(left, top, best.X + 1, best.Y)),
            Vertex(Difference(left, top, best.X, best.Y - 1), least, Difference(left, top, best.X, best.Y + 1)));
        return new BlockShift(left + (Block / 2.0) - (Width / 2.0), top + (Block / 2.0) - (_height / 2.0), best.X + fineX, best.Y + fineY);
    }

    // The whole sum, or any figure that is not below the limit; beyond the reach it is as large as can be.
    private int Difference(int left, int top, int x, int y, int limit = int.MaxValue)
    {
        if (Math.Abs(x) > Reach || Math.Abs(y) > Reach)
        {
            return int.MaxValue;
        }

        int sum = 0;
        for (int row = 0; row < Block && sum < limit; row++)
        {
            ReadOnlySpan<byte> before = _before.AsSpan(((top + row) * Width) + left, Block);
            ReadOnlySpan<byte> now = _now.AsSpan(((top + row + y) * Width) + left + x, Block);
            for (int column = 0; column < Block; column++)
            {
                sum += Math.Abs(before[column] - now[column]);
            }
        }

        return sum;
    }

    // Absolute differences rise by lines, not by a parabola, on both sides of their lowest point: where lines of equal slope through the three meet.
    private static double Vertex(int below, int at, int above) =>
        below == int.MaxValue || above == int.MaxValue || Math.Max(below, above) <= at ? 0 : (below - above) / (2.0 * (Math.Max(below, above) - at));

    private static CameraShift? Fit(List<BlockShift> blocks)
    {
        List<BlockShift> agreeing = blocks;
        (double x, double y, double growth, double turn) = (0, 0, 0, 0);
        for (int round = 0; round < Rounds; round++)
        {
            if (agreeing.Count < FewestBlocks || agreeing.Count < blocks.Count / 2.0)
            {
                return null;
            }

            // The first round takes the medians, which a moving quarter of the picture does not move.
            (x, y, growth, turn) = round == 0
                ? (Median(agreeing.Select(block => block.Dx)), Median(agreeing.Select(block => block.Dy)), 0, 0)
                : LeastSquares(agreeing);
            double[] errors = [.. blocks.Select(Error)];
            double limit = round == 0 ? Math.Max(2 * AgreeWithin, 2 * Median(errors)) : AgreeWithin;
            agreeing = [.. blocks.Where((_, i) => errors[i] <= limit)];
        }

        return agreeing.Count < FewestBlocks || agreeing.Count < blocks.Count / 2.0
            ? null
            : new CameraShift(Math.Round(x / Width, 5), Math.Round(y / Width, 5), Math.Round(growth, 5), Math.Round(turn, 5));

        double Error(BlockShift block)
        {
            double dx = block.Dx - (x + (growth * block.X) - (turn * block.Y));
            double dy = block.Dy - (y + (growth * block.Y) + (turn * block.X));
            return Math.Sqrt((dx * dx) + (dy * dy));
        }
    }

    private static (double X, double Y, double Growth, double Turn) LeastSquares(List<BlockShift> blocks)
    {
        (double middleX, double middleY) = (blocks.Average(block => block.X), blocks.Average(block => block.Y));
        (double growth, double turn, double squares) = (0, 0, 0);
        foreach (BlockShift block in blocks)
        {
            (double x, double y) = (block.X - middleX, block.Y - middleY);
            growth += (x * block.Dx) + (y * block.Dy);
            turn += (x * block.Dy) - (y * block.Dx);
            squares += (x * x) + (y * y);
        }

        (growth, turn) = squares > 0 ? (growth / squares, turn / squares) : (0, 0);

        // At the middle of the picture, not of the blocks.
        return (
            blocks.Average(block => block.Dx) - (growth * middleX) + (turn * middleY),
            blocks.Average(block => block.Dy) - (growth * middleY) - (turn * middleX), growth, turn);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // Place from the middle of the picture, and shift, in px of the small picture.
    private readonly record struct BlockShift(double X, double Y, double Dx, double Dy);
}
