using System.Numerics;

namespace MedGen.Phantoms.Endoscopy.Surfaces;

/// <summary>Light, sensor and mask of an endoscope.</summary>
internal sealed record EndoscopeLight
{
    /// <summary>Brightness of the lamp; 1 is usual.</summary>
    public float Exposure { get; init; } = 1;

    /// <summary>White balance as factors on red, green and blue.</summary>
    public Vector3 Balance { get; init; } = Vector3.One;

    /// <summary>Saturation; 1 leaves colours alone.</summary>
    public float Saturation { get; init; } = 1;

    /// <summary>Position of the light beside the lens in the picture plane, in half sides.</summary>
    public Vector2 Offset { get; init; }

    /// <summary>Loss of light from the middle to the border of the picture, 0 to 1.</summary>
    public float Falloff { get; init; } = 0.6f;

    /// <summary>Radius of the round mask in half sides; above 1.5 there is no mask.</summary>
    public float MaskRadius { get; init; } = 2;

    /// <summary>Standard deviation of the lens's blur as a share of the picture's shorter side.</summary>
    public double Softness { get; init; } = 0.004;

    /// <summary>Standard deviation of the sensor's noise.</summary>
    public float Noise { get; init; } = 0.01f;
}
