using System.Numerics;

namespace PolypDetector;

/// <summary>A place that differs from what surrounds it on all sides: redder, or nearer to the lamp.</summary>
internal sealed record Spot
{
    private const int LeastKnown = 5; // of the eight neighbours
    private const double LeastContrast = 0.03;
    private const int MostSpots = 16; // a frame
    private static readonly int[] Reaches = [3, 4, 6, 8, 11, 15, 21];

    /// <summary>Column of its middle, in cells.</summary>
    public required int X { get; init; }

    /// <summary>Row of its middle, in cells.</summary>
    public required int Y { get; init; }

    /// <summary>About how far it is from the middle to the edge, in cells.</summary>
    public required int Reach { get; init; }

    /// <summary>Mean colour inside.</summary>
    public required Vector4 Inside { get; init; }

    /// <summary>Mean colour of what surrounds it.</summary>
    public required Vector4 Around { get; init; }

    /// <summary>Contrast to all neighbours but one, which may be a vessel or another polyp.</summary>
    public required double Least { get; init; }

    /// <summary>Contrast to half of the neighbours.</summary>
    public required double Median { get; init; }

    /// <summary>The spots of a frame, the clearest first.</summary>
    /// <param name="map">Colours of the frame.</param>
    /// <param name="cancellationToken">Looked at for each size.</param>
    public static IReadOnlyList<Spot> Find(ColourMap map, CancellationToken cancellationToken)
    {
        List<Spot> all = [];
        foreach (int reach in Reaches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int step = Math.Max(1, reach / 3);
            for (int y = reach / 2; y < map.Height; y += step)
            {
                for (int x = reach / 2; x < map.Width; x += step)
                {
                    if (At(map, x, y, reach) is { } spot && spot.Least >= LeastContrast)
                    {
                        all.Add(spot);
                    }
                }
            }
        }

        List<Spot> kept = [];
        foreach (Spot spot in all.OrderByDescending(spot => spot.Least))
        {
            if (kept.Count < MostSpots && kept.TrueForAll(other => !other.Covers(spot)))
            {
                kept.Add(spot);
            }
        }

        return kept;
    }

    private static Spot? At(ColourMap map, int x, int y, int reach)
    {
        if (map.MeanOf(x, y, reach * 2 / 3) is not { } inside)
        {
            return null;
        }

        int away = 2 * reach;
        int slant = (int)Math.Round(away * 0.71);
        Span<float> contrasts = stackalloc float[8];
        Vector4 sum = Vector4.Zero;
        int known = 0;
        foreach ((int dx, int dy) in (ReadOnlySpan<(int, int)>)
        [
            (away, 0), (-away, 0), (0, away), (0, -away), (slant, slant), (slant, -slant), (-slant, slant), (-slant, -slant),
        ])
        {
            if (map.MeanOf(x + dx, y + dy, reach / 2) is { } neighbour)
            {
                contrasts[known++] = inside.W - neighbour.W;
                sum += neighbour;
            }
        }

        if (known < LeastKnown)
        {
            return null;
        }

        contrasts[..known].Sort();
        return new Spot { X = x, Y = y, Reach = reach, Inside = inside, Around = sum / known, Least = contrasts[1], Median = contrasts[known / 2] };
    }

    private bool Covers(Spot other) => Math.Max(Math.Abs(X - other.X), Math.Abs(Y - other.Y)) <= Reach && other.Reach <= 2 * Reach
        && Reach <= 3 * other.Reach;
}
