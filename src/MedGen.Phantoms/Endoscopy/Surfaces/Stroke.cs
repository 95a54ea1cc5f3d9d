using System.Numerics;

namespace MedGen.Phantoms.Endoscopy.Surfaces;

/// <summary>
/// A rounded body, straight from one end to the other, painted over what is there: an organ, a duct, a shaft, a clip, a patch of blood.
/// </summary>
internal readonly record struct Stroke
{
    /// <summary>One end, in world units.</summary>
    public required Vector2 From { get; init; }

    /// <summary>The other end.</summary>
    public required Vector2 To { get; init; }

    /// <summary>Radius at <see cref="From"/>.</summary>
    public required float FromRadius { get; init; }

    /// <summary>Radius at <see cref="To"/>.</summary>
    public required float ToRadius { get; init; }

    /// <summary>How it looks.</summary>
    public required Tissue Tissue { get; init; }

    /// <summary>Height of the rim towards the camera in world units.</summary>
    public float Height { get; init; }

    /// <summary>How far the middle stands out, in radii; 1 is a round body, 0 lies flat on what is there and keeps its height.</summary>
    public float Bulge { get; init; }

    /// <summary>Irregularity of the outline in radii.</summary>
    public float Ragged { get; init; }

    /// <summary>Share of the area that is painted, 0 to 1, in patches.</summary>
    public float Coverage { get; init; }

    /// <summary>Opacity, 0 to 1.</summary>
    public float Opacity { get; init; }

    /// <summary>Width of the soft border in radii; 0 gives a sharp edge.</summary>
    public float Softness { get; init; }

    /// <summary>Strength of the shadow around the body, 0 to 1.</summary>
    public float Shadow { get; init; }

    /// <summary>Shift of the texture, so that it moves with the body.</summary>
    public Vector2 TextureOrigin { get; init; }
}
