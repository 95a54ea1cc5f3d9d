using System.Numerics;
using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Endoscopy.Surfaces;

/// <summary>How a surface looks close up: colour, mottling, vessels, roughness, wetness. Colours are linear RGB reflectances, 0 to 1.</summary>
internal sealed record Tissue
{
    /// <summary>Ground colour.</summary>
    public required Vector3 Colour { get; init; }

    /// <summary>Colour of the darker or lighter patches.</summary>
    public Vector3 PatchColour { get; init; }

    /// <summary>Strength of the patches, 0 to 1.</summary>
    public float Patches { get; init; }

    /// <summary>Patches per world unit.</summary>
    public float PatchScale { get; init; } = 4;

    /// <summary>Colour of vessels.</summary>
    public Vector3 VesselColour { get; init; } = new(0.35f, 0.05f, 0.05f);

    /// <summary>Strength of the vessels, 0 to 1.</summary>
    public float Vessels { get; init; }

    /// <summary>Vessels per world unit.</summary>
    public float VesselScale { get; init; } = 3;

    /// <summary>Height of the roughness in world units.</summary>
    public float Roughness { get; init; }

    /// <summary>Bumps per world unit.</summary>
    public float RoughnessScale { get; init; } = 10;

    /// <summary>Whether bumps are round lobules with furrows between them, as in fat.</summary>
    public bool IsLobulated { get; init; }

    /// <summary>Strength of specular highlights, 0 to 1.</summary>
    public float Gloss { get; init; } = 0.5f;

    /// <summary>The texture's noise.</summary>
    public required ValueNoise Noise { get; init; }

    /// <summary>Colour and bump at a point of the surface.</summary>
    /// <param name="u">World units.</param>
    /// <param name="v">World units.</param>
    /// <returns>The colour, and a height to add in world units.</returns>
    public (Vector3 Colour, float Bump) At(float u, float v)
    {
        Vector3 colour = Colour;
        if (Patches > 0)
        {
            float patch = Noise.Fractal(u * PatchScale, v * PatchScale, 3);
            colour = Vector3.Lerp(colour, PatchColour, Math.Clamp(0.5f + (1.6f * patch), 0, 1) * Patches);
        }

        if (Vessels > 0)
        {
            colour = Vector3.Lerp(colour, VesselColour, Vessels * VesselAt(u * VesselScale, v * VesselScale));
        }

        float bump = 0;
        if (Roughness > 0)
        {
            float rough = Noise.Fractal((u * RoughnessScale) + 31, (v * RoughnessScale) - 7, 3);
            bump = Roughness * rough;
            if (IsLobulated)
            {
                // Zero crossings are the furrows; between them the field swells.
                float swell = MathF.Min(1, MathF.Sqrt(MathF.Abs(rough) * 3));
                bump = Roughness * swell;
                colour *= 0.78f + (0.22f * swell);
            }
        }

        return (colour, bump);
    }

    // Thin lines where a warped field crosses zero; a second field thins them out, so that they branch and end.
    private float VesselAt(float u, float v)
    {
        float warp = 0.6f * Noise.At((u * 0.7f) + 3, (v * 0.7f) + 11);
        float large = MathF.Abs(Noise.At((u * 0.8f) + warp, (v * 0.8f) - warp));
        float small = MathF.Abs(Noise.At((u * 2.1f) + 19 + warp, (v * 2.1f) + warp));
        float line = MathF.Max(1 - (large * 14), 0.7f * (1 - (small * 9)));
        float presence = Math.Clamp(0.6f + (1.5f * Noise.At((u * 0.5f) - 23, v * 0.5f)), 0.1f, 1);
        return MathF.Max(0, line) * presence;
    }
}
