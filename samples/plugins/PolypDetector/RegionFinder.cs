using System.Numerics;

namespace PolypDetector;

/// <summary>Cuts each spot of a frame out where its colour is half way to that of its surroundings, and says how like a polyp it is.</summary>
internal static class RegionFinder
{
    private const int LeastSide = 5; // cells
    private const int Margin = 3; // cells around a region that its edge is judged by
    private const double MostOverlap = 0.34;

    /// <summary>The regions of a frame, in px of it, the likeliest first; of those that overlap by more than a third, the likelier.</summary>
    /// <param name="map">Colours of the frame.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<Region> Find(ColourMap map, CancellationToken cancellationToken)
    {
        List<Region> kept = [];
        foreach (Region region in Spot.Find(map, cancellationToken).Select(spot => Cut(map, spot)).OfType<Region>()
            .OrderByDescending(region => region.Score))
        {
            if (kept.TrueForAll(other => other.Overlap(region) < MostOverlap))
            {
                kept.Add(region);
            }
        }

        return kept;
    }

    private static Region? Cut(ColourMap map, Spot spot)
    {
        int window = (2 * spot.Reach) + 2;
        (int left, int top) = (Math.Max(0, spot.X - window), Math.Max(0, spot.Y - window));
        bool[,] isIn = new bool[Math.Min(map.Height, spot.Y + window + 1) - top, Math.Min(map.Width, spot.X + window + 1) - left];
        float least = (spot.Inside.W + spot.Around.W) / 2;
        Stack<(int X, int Y)> open = new([(spot.X - left, spot.Y - top)]);
        (int x0, int y0, int x1, int y1, int count) = (int.MaxValue, int.MaxValue, -1, -1, 0);
        (Vector4 sum, float squares) = (Vector4.Zero, 0);
        while (open.TryPop(out (int X, int Y) at))
        {
            if (!IsWithin(isIn, at.X, at.Y) || isIn[at.Y, at.X] || map.MeanOf(at.X + left, at.Y + top, 1) is not { } here || here.W < least)
            {
                continue;
            }

            isIn[at.Y, at.X] = true;
            (x0, y0, x1, y1) = (Math.Min(x0, at.X), Math.Min(y0, at.Y), Math.Max(x1, at.X), Math.Max(y1, at.Y));
            (count, sum, squares) = (count + 1, sum + here, squares + here.LengthSquared());
            open.Push((at.X + 1, at.Y));
            open.Push((at.X - 1, at.Y));
            open.Push((at.X, at.Y + 1));
            open.Push((at.X, at.Y - 1));
        }

        (int width, int height, Vector4 mean) = (x1 - x0 + 1, y1 - y0 + 1, sum / Math.Max(1, count));
        if (count == 0 || Math.Min(width, height) < LeastSide)
        {
            return null;
        }

        Vector4 edge = mean - MeanAround(map, isIn, left, top);

        // Logistic regression on 200 clips of the colonoscopy phantom (seeds 1000 to 1199).
        double evidence = -8.71
            + (8.2 * spot.Median)
            + (10.4 * Math.Sqrt(Math.Max(0, (squares / count) - mean.LengthSquared()))) // how uneven it is: pits and highlights
            + (8.4 * Math.Abs(edge.Z))
            + (16.5 * (mean.X - map.Mean.X))
            + (4.05 * 4 / Math.PI * count / (width * height)) // of an ellipse: 1
            + (2.73 * Math.Min(width, height) / Math.Max(width, height))
            - (x0 == 0 || y0 == 0 || x1 == isIn.GetLength(1) - 1 || y1 == isIn.GetLength(0) - 1 ? 1.93 : 0) // it may go on
            - (1.74 * Math.Log((double)count / (spot.Reach * spot.Reach)));
        return new Region
        {
            X = (x0 + left) * map.Cell, Y = (y0 + top) * map.Cell, Width = width * map.Cell, Height = height * map.Cell,
            Score = 1 / (1 + Math.Exp(-evidence)),
        };
    }

    // Of the cells next to a region.
    private static Vector4 MeanAround(ColourMap map, bool[,] isIn, int left, int top)
    {
        (Vector4 sum, int count) = (Vector4.Zero, 0);
        for (int y = 0; y < isIn.GetLength(0); y++)
        {
            for (int x = 0; x < isIn.GetLength(1); x++)
            {
                if (!isIn[y, x] && IsNear(isIn, x, y) && map.At(x + left, y + top) is { } here)
                {
                    (sum, count) = (sum + here, count + 1);
                }
            }
        }

        return sum / Math.Max(1, count);
    }

    private static bool IsNear(bool[,] isIn, int x, int y)
    {
        for (int row = y - Margin; row <= y + Margin; row++)
        {
            for (int column = x - Margin; column <= x + Margin; column++)
            {
                if (IsWithin(isIn, column, row) && isIn[row, column])
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsWithin(bool[,] cells, int x, int y) => x >= 0 && y >= 0 && x < cells.GetLength(1) && y < cells.GetLength(0);
}
