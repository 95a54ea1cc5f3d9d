using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Angiography;

/// <summary>A branching tree of vessels in the plane of the detector, in units of the picture's side.</summary>
internal sealed class VesselTree
{
    private readonly List<Segment> _segments = [];

    /// <summary>Grows a tree.</summary>
    /// <param name="region">"coronary" or "cerebral".</param>
    /// <param name="narrowing">Part of the diameter that a stenosis takes away, 0 to 1; 0 for none.</param>
    /// <param name="random">The generator.</param>
    public VesselTree(string region, double narrowing, Random random)
    {
        bool coronary = region == "coronary";
        (double x, double y) = coronary ? (random.Range(0.28, 0.4), random.Range(0.18, 0.28)) : (random.Range(0.45, 0.55), 0.98);
        Start = (x, y);
        if (coronary)
        {
            // A short main stem, one branch along the front, one around the side.
            (x, y) = Grow(x, y, random.Range(0.1, 0.35), 0.10, 0.0135, 0, 0, random, 0);
            double far = 0.1;
            Grow(x, y, random.Range(0.25, 0.5), random.Range(0.62, 0.75), 0.0105, far, random.Range(0.8, 1.3), random, 2);
            Grow(x, y, random.Range(1.0, 1.35), random.Range(0.5, 0.65), 0.0095, far, random.Range(-0.3, 0.3), random, 2);
        }
        else
        {
            (x, y) = Grow(x, y, -Math.PI / 2, random.Range(0.36, 0.44), 0.0135, 0, random.Range(-0.5, 0.5), random, 0);
            Grow(x, y, -Math.PI / 2 - random.Range(0.1, 0.4), random.Range(0.55, 0.7), 0.009, 0.42, random.Range(0.9, 1.5), random, 3);
            Grow(x, y, -Math.PI / 2 + random.Range(0.6, 0.9), random.Range(0.5, 0.6), 0.0095, 0.42, random.Range(-0.8, -0.2), random, 3);
            Grow(x, y, -Math.PI / 2 - random.Range(0.8, 1.1), random.Range(0.4, 0.5), 0.008, 0.42, random.Range(0.2, 0.8), random, 3);
        }

        if (narrowing > 0)
        {
            Segment[] wide = [.. _segments.Where(s => s.Radius > 0.007 && s.Distance > 0.12)];
            Segment at = wide[random.Next(wide.Length)];
            for (int i = 0; i < _segments.Count; i++)
            {
                double off = Math.Sqrt(Math.Pow(_segments[i].X - at.X, 2) + Math.Pow(_segments[i].Y - at.Y, 2)) / 0.025;
                _segments[i] = _segments[i] with { Radius = _segments[i].Radius * (1 - (narrowing * Math.Exp(-off * off))) };
            }
        }
    }

    /// <summary>Where the catheter's tip lies.</summary>
    public (double X, double Y) Start { get; }

    /// <summary>Points along all vessels, about one radius apart.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    private (double X, double Y) Grow(
        double x, double y, double angle, double length, double radius, double distance, double bend, Random random, int generations)
    {
        const double step = 0.006;
        double wander = random.Range(0, 6.3);
        double pitch = random.Range(14, 30);
        double next = random.Range(0.12, 0.2) * length;
        double side = random.Chance(0.5) ? 1 : -1;
        double first = radius;
        for (double at = 0; at < length; at += step)
        {
            double heading = angle + (bend * at / length) + (0.28 * Math.Sin(wander + (at * pitch)));
            (x, y) = (x + (step * Math.Cos(heading)), y + (step * Math.Sin(heading)));
            radius = first * (1 - (0.62 * at / length));
            _segments.Add(new Segment(x, y, Math.Max(radius, 0.0014), distance + at));
            if (generations > 0 && at > next && at < length * 0.9)
            {
                Grow(
                    x, y, heading + (side * random.Range(0.5, 1.0)), (length - at) * random.Range(0.45, 0.8), radius * random.Range(0.5, 0.72),
                    distance + at, -side * random.Range(0.1, 0.9), random, generations - 1);
                side = random.Chance(0.8) ? -side : side;
                next = at + (random.Range(0.12, 0.24) * length);
            }
        }

        return (x, y);
    }

    /// <summary>A point of a vessel.</summary>
    /// <param name="X">Position across, 0 to 1.</param>
    /// <param name="Y">Position down, 0 to 1.</param>
    /// <param name="Radius">Radius in sides of the picture.</param>
    /// <param name="Distance">Way from the catheter's tip along the vessels.</param>
    internal readonly record struct Segment(double X, double Y, double Radius, double Distance);
}
