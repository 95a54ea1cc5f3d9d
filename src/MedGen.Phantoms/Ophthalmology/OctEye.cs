using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ophthalmology;

/// <summary>
/// Shape of one macula in three dimensions; lengths across as shares of the scan's width, heights as shares of the picture's height.
/// </summary>
internal sealed class OctEye
{
    private readonly ValueNoise _noise;
    private readonly string _finding;
    private readonly float _severity;
    private readonly List<(float X, float Scan, float Depth, float Width, float Height)> _pockets = [];
    private readonly List<(float X, float Scan, float Width)> _vessels = [];

    public OctEye(Random random, string finding, float severity, int seed)
    {
        (_finding, _severity, _noise) = (finding, severity, new ValueNoise(seed));
        int count = finding switch { "cystoid-oedema" => 6 + (int)(14 * severity), "drusen" => 5 + (int)(10 * severity), _ => 0 };
        for (int i = 0; i < count; i++)
        {
            float spread = finding == "drusen" ? 0.28f : 0.11f;
            _pockets.Add((
                spread * (float)random.Gaussian(), spread * (float)random.Gaussian(), (float)random.Range(0.35, 0.72),
                (float)random.Range(0.02, finding == "drusen" ? 0.06 : 0.045), (float)random.Range(0.4, 1) * severity));
        }

        for (int i = random.Next(3, 8); i > 0; i--)
        {
            float x = (float)random.Range(-0.5, 0.5);
            _vessels.Add((x, (float)random.Range(-0.5, 0.5), (float)random.Range(0.006, 0.016)));
        }
    }

    public required float Pit { get; init; }

    public required float PitWidth { get; init; }

    public required float Thickness { get; init; }

    public required float Tilt { get; init; }

    public required float FoveaX { get; init; }

    public required float Top { get; init; }

    public required float Bow { get; init; }

    public required float ChoroidDepth { get; init; }

    /// <summary>The retina at a position.</summary>
    /// <param name="u">Across the B-scan, -0.5 to 0.5.</param>
    /// <param name="scan">Position of the B-scan relative to the fovea.</param>
    public OctColumn ColumnAt(float u, float scan)
    {
        float dx = u - FoveaX;
        float squared = (dx * dx) + (scan * scan);
        float pit = MathF.Exp(-squared / (2 * PitWidth * PitWidth));
        float rim = 0.12f * MathF.Exp(
            -(MathF.Sqrt(squared) - (2.3f * PitWidth)) * (MathF.Sqrt(squared) - (2.3f * PitWidth)) / (2 * PitWidth * PitWidth));
        float membrane = Top + Thickness + (Tilt * u) + (Bow * 4 * ((u * u) + (0.5f * scan * scan))) - (Bow * 0.5f)
            + (0.006f * _noise.At(u * 5, scan * 5));
        float lift = 0;
        float swelling = 0;
        switch (_finding)
        {
            case "subretinal-fluid":
                lift = _severity * 0.5f * Thickness * MathF.Exp(-squared / 0.02f);
                break;
            case "cystoid-oedema":
                swelling = _severity * 0.75f * MathF.Exp(-squared / 0.035f);
                break;
            case "drusen":
                foreach ((float x, float at, _, float width, float height) in _pockets)
                {
                    float d = ((u - x) * (u - x)) + ((scan - at) * (scan - at));
                    lift = MathF.Max(lift, height * 0.28f * Thickness * MathF.Exp(-d / (width * width)));
                }

                break;
            default:
                break;
        }

        float here = Thickness * (1 + rim - (Pit * pit * (1 - (0.8f * MathF.Min(1, swelling)))) + swelling);
        float epithelium = membrane - (_finding == "drusen" ? lift : 0);
        float neural = membrane - lift; // where the neurosensory retina ends
        float shadow = 1;
        foreach ((float x, float slope, float width) in _vessels)
        {
            float d = (u - x - (slope * scan)) / width;
            shadow = MathF.Min(shadow, 1 - (0.5f * MathF.Exp(-d * d)));
        }

        return new OctColumn(neural - here, _finding == "subretinal-fluid" ? neural : epithelium, membrane, Thickness, shadow);
    }

    /// <summary>Share of fluid at a point, 0 to 1.</summary>
    public float FluidAt(float u, float v, float scan, in OctColumn column)
    {
        if (_finding == "subretinal-fluid")
        {
            return Math.Clamp(MathF.Min(v - column.Epithelium, column.Membrane - 0.012f - v) / 0.004f, 0, 1);
        }

        if (_finding != "cystoid-oedema")
        {
            return 0;
        }

        float fluid = 0;
        float depth = (v - column.Surface) / (column.Epithelium - column.Surface);
        foreach ((float x, float at, float where, float width, float height) in _pockets)
        {
            float dx = (u - FoveaX - x) / width;
            float ds = (scan - at) / (width * 1.6f);
            float dv = (depth - where) / (0.06f + (0.12f * height));
            float squared = (dx * dx) + (ds * ds) + (dv * dv);
            fluid = MathF.Max(fluid, Math.Clamp((1 - squared) * 4, 0, 1));
        }

        return fluid;
    }

    /// <summary>Reflectivity below the retina.</summary>
    /// <param name="u">Across the B-scan.</param>
    /// <param name="below">Depth below the retina's last layer.</param>
    /// <param name="scan">Position of the B-scan.</param>
    /// <param name="column">The retina above.</param>
    public float ChoroidAt(float u, float below, float scan, in OctColumn column)
    {
        float toMembrane = column.Membrane - column.Epithelium;
        if (below < toMembrane + 0.012f && toMembrane > 0.004f)
        {
            bool isMembrane = below > toMembrane - 0.008f;
            return isMembrane ? 0.8f : _finding == "drusen" ? 0.4f : 0.06f;
        }

        float depth = (below - toMembrane) / ChoroidDepth;
        float vessels = _noise.Fractal((u * 17) + 50, depth * 3.2f, scan * 9, 2);
        float lumen = Math.Clamp((vessels - 0.12f) * 5, 0, 1) * Math.Clamp(depth * 4, 0, 1);
        float tissue = 0.62f * MathF.Exp(-1.1f * depth) * (1 - (0.6f * lumen));
        return depth < 1.1f ? tissue : tissue * MathF.Exp(-2.5f * (depth - 1.1f));
    }

    /// <summary>Unevenness within a layer.</summary>
    public float Grain(float u, float v, float scan) => 0.18f * _noise.At(u * 40, v * 60, scan * 20);
}
