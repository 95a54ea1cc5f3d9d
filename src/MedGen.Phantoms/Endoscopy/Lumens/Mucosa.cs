using System.Numerics;
using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>How the lining of a lumen looks.</summary>
internal sealed record Mucosa
{
    /// <summary>Ground colour, linear RGB.</summary>
    public required Vector3 Colour { get; init; }

    /// <summary>Colour of patches.</summary>
    public required Vector3 PatchColour { get; init; }

    /// <summary>Colour of vessels.</summary>
    public required Vector3 VesselColour { get; init; }

    /// <summary>Strength of the vessels, 0 to 1.</summary>
    public required float Vessels { get; init; }

    /// <summary>Vessels per radius.</summary>
    public required float VesselScale { get; init; }

    /// <summary>The texture's noise.</summary>
    public required ValueNoise Noise { get; init; }

    /// <summary>Colour at a point of the wall.</summary>
    /// <param name="point">On the wall, in radii.</param>
    /// <returns>Linear RGB.</returns>
    public Vector3 At(Vector3 point)
    {
        float patch = Noise.Fractal(point.X * 1.6f, point.Y * 1.6f, point.Z * 1.6f, 2);
        Vector3 colour = Vector3.Lerp(Colour, PatchColour, Math.Clamp(0.5f + (1.4f * patch), 0, 1));
        if (Vessels <= 0)
        {
            return colour;
        }

        Vector3 p = point * VesselScale;
        float warp = 0.7f * Noise.At(p.X * 0.8f, (p.Y * 0.8f) + 9, p.Z * 0.8f);
        float large = MathF.Abs(Noise.At((p.X * 0.7f) + warp, (p.Y * 0.7f) - warp, (p.Z * 0.7f) + 5));
        float small = MathF.Abs(Noise.At((p.X * 1.9f) - warp, (p.Y * 1.9f) + 17, (p.Z * 1.9f) + warp));
        float line = MathF.Max(1 - (large * 11), 0.6f * (1 - (small * 7)));
        float presence = Math.Clamp(0.6f + (1.6f * patch), 0.15f, 1);
        return Vector3.Lerp(colour, VesselColour, Math.Clamp(line, 0, 1) * presence * Vessels);
    }
}
