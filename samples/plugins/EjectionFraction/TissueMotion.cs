namespace EjectionFraction;

/// <summary>Follows tissue by its speckle: each block is looked for in the next frame, to a fraction of a pixel.</summary>
internal static class TissueMotion
{
    private const int Margin = 12; // px
    private const int Step = 4; // px between the blocks that are followed
    private const int Reach = 5; // px from the middle of a block to its edge
    private const int Search = 3; // px that a block may move from frame to frame
    private const double LeastBrightness = 12;
    private const double LowestPart = 0.6; // of the height; below lie the atria
    private const double Quantile = 0.9; // of all blocks: those of the base move farthest
    private const double DistanceCost = 0.02;

    /// <summary>How far the tissue that moves farthest goes up and down.</summary>
    /// <param name="frames">Brightness, <paramref name="side"/> × <paramref name="side"/> px each.</param>
    /// <param name="side">Width and height in px.</param>
    /// <param name="cancellationToken">Looked at for each block.</param>
    /// <returns>Distance in px; null: there is no tissue to follow.</returns>
    public static double? VerticalExcursion(IReadOnlyList<byte[]> frames, int side, CancellationToken cancellationToken)
    {
        List<double> excursions = [];
        for (int y = Margin; frames.Count > 1 && y < LowestPart * side; y += Step)
        {
            for (int x = Margin; x < side - Margin; x += Step)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Brightness(frames[0], side, x, y) >= LeastBrightness && Follow(frames, side, x, y) is { } excursion)
                {
                    excursions.Add(excursion);
                }
            }
        }

        excursions.Sort();
        return excursions.Count == 0 ? null : excursions[Math.Min(excursions.Count - 1, (int)(Quantile * excursions.Count))];
    }

    // Null: the block leaves the picture.
    private static double? Follow(IReadOnlyList<byte[]> frames, int side, int startX, int startY)
    {
        (double x, double y) = (startX, startY);
        (double highest, double lowest) = (y, y);
        for (int i = 0; i + 1 < frames.Count; i++)
        {
            (int atX, int atY) = ((int)Math.Round(x), (int)Math.Round(y));
            int edge = Reach + Search;
            if (atX < edge || atY < edge || atX >= side - edge || atY >= side - edge)
            {
                return null;
            }

            (double dx, double dy) = Displacement(frames[i], frames[i + 1], side, atX, atY);
            (x, y) = (x + dx, y + dy);
            (highest, lowest) = (Math.Min(highest, y), Math.Max(lowest, y));
        }

        return lowest - highest;
    }

    private static (double X, double Y) Displacement(byte[] from, byte[] to, int side, int x, int y)
    {
        double[,] costs = new double[(2 * Search) + 1, (2 * Search) + 1];
        (int bestX, int bestY, double least) = (0, 0, double.MaxValue);
        for (int dy = -Search; dy <= Search; dy++)
        {
            for (int dx = -Search; dx <= Search; dx++)
            {
                double cost = Difference(from, to, side, x, y, dx, dy) * (1 + (DistanceCost * ((dx * dx) + (dy * dy))));
                costs[dy + Search, dx + Search] = cost;
                if (cost < least)
                {
                    (bestX, bestY, least) = (dx, dy, cost);
                }
            }
        }

        double At(int dx, int dy) => costs[dy + Search, dx + Search];
        double partX = Math.Abs(bestX) == Search ? 0 : Vertex(At(bestX - 1, bestY), At(bestX, bestY), At(bestX + 1, bestY));
        double partY = Math.Abs(bestY) == Search ? 0 : Vertex(At(bestX, bestY - 1), At(bestX, bestY), At(bestX, bestY + 1));
        return (bestX + partX, bestY + partY);
    }

    // Where a parabola through three neighbours is least, from the middle one.
    private static double Vertex(double before, double least, double after)
    {
        double curvature = before + after - (2 * least);
        return curvature > 1e-6 ? 0.5 * (before - after) / curvature : 0;
    }

    private static double Difference(byte[] from, byte[] to, int side, int x, int y, int dx, int dy)
    {
        double sum = 0;
        for (int row = y - Reach; row <= y + Reach; row++)
        {
            for (int column = x - Reach; column <= x + Reach; column++)
            {
                double difference = from[(row * side) + column] - to[((row + dy) * side) + column + dx];
                sum += difference * difference;
            }
        }

        return sum;
    }

    private static double Brightness(byte[] frame, int side, int x, int y)
    {
        double sum = 0;
        for (int row = y - Reach; row <= y + Reach; row++)
        {
            for (int column = x - Reach; column <= x + Reach; column++)
            {
                sum += frame[(row * side) + column];
            }
        }

        return sum / ((2 * Reach) + 1) / ((2 * Reach) + 1);
    }
}
