using System.Numerics;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ophthalmology;

/// <summary>
/// Retinal arteries and veins: four pairs of trunks leave the optic disc; the temporal ones arch around the macula, and all branch until they are
/// thinner than can be seen. Coordinates are in disc diameters, the disc at the origin, temporal to the right (positive x).
/// </summary>
internal sealed class VesselTree
{
    private const float Step = 0.12f;
    private const float Thinnest = 0.012f;
    private const int MostSegments = 6000;

    private readonly List<VesselSegment> _segments = [];
    private readonly Random _random;
    private readonly Vector2 _macula;
    private readonly float _reach;

    /// <summary>Grows a tree.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="macula">Where the fovea is; vessels keep clear of it.</param>
    /// <param name="reach">Distance from the disc up to which vessels grow.</param>
    /// <param name="tortuosity">0 straight to 1 winding.</param>
    public VesselTree(Random random, Vector2 macula, float reach, float tortuosity)
    {
        _random = random;
        _macula = macula;
        _reach = reach;
        foreach (bool isVein in new[] { false, true })
        {
            foreach (int up in new[] { -1, 1 })
            {
                float width = (isVein ? 0.105f : 0.078f) * (float)random.Range(0.85, 1.15);
                float temporal = up * (float)random.Range(1.0, 1.45);
                float nasal = up * (float)random.Range(1.9, 2.6);
                Grow(Start(), temporal, width, isVein, -up * (float)random.Range(0.26, 0.36), tortuosity, 0);
                Grow(Start(), nasal, width * 0.75f, isVein, up * (float)random.Range(0, 0.15), tortuosity, 0);
                if (random.Chance(0.7))
                {
                    Grow(Start(), up * (float)random.Range(0.15, 0.7), width * 0.35f, isVein, 0, tortuosity, 1);
                }
            }
        }
    }

    /// <summary>All pieces, in the order in which they grew.</summary>
    public IReadOnlyList<VesselSegment> Segments => _segments;

    private Vector2 Start() => new((float)_random.Range(-0.1, 0.06), (float)_random.Range(-0.12, 0.12));

    private void Grow(Vector2 at, float heading, float width, bool isVein, float bend, float tortuosity, int depth)
    {
        float wander = 0;
        float untilBranch = (float)_random.Range(0.5, 1.2);
        while (width > Thinnest && at.Length() < _reach && _segments.Count < MostSegments)
        {
            wander = (0.8f * wander) + ((0.08f + (0.2f * tortuosity)) * (float)_random.Gaussian());
            heading += Step * (bend + wander);
            Vector2 next = at + (Step * new Vector2(MathF.Cos(heading), MathF.Sin(heading)));
            if (Vector2.Distance(next, _macula) < 0.45f)
            {
                return;
            }

            float thinner = width * (1 - (0.022f * (1 + depth)));
            _segments.Add(new VesselSegment(at, next, width, thinner, isVein));
            (at, width) = (next, thinner);
            untilBranch -= Step;
            if (untilBranch <= 0)
            {
                int side = _random.Chance(0.5) ? 1 : -1;
                float fork = side * (float)_random.Range(0.45, 1.05);
                Grow(at, heading + fork, width * (float)_random.Range(0.5, 0.75), isVein, -0.2f * side, tortuosity, depth + 1);
                width *= 0.93f;
                untilBranch = (float)_random.Range(0.5, 1.3);
                heading -= 0.15f * fork;
            }
        }
    }
}
