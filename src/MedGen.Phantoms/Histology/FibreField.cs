using System.Numerics;
using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Histology;

/// <summary>How the fibres of a section run. Lengths are in micrometres.</summary>
/// <param name="noise">Texture.</param>
/// <param name="direction">Main direction in radians.</param>
internal sealed class FibreField(ValueNoise noise, float direction)
{
    private readonly float _cos = MathF.Cos(direction);
    private readonly float _sin = MathF.Sin(direction);

    /// <summary>Coordinates along and across the fibres: the section's own, turned and bent.</summary>
    public Vector2 At(float x, float y)
    {
        float along = (_cos * x) + (_sin * y);
        float across = (_cos * y) - (_sin * x);
        return new Vector2(along + (20 * noise.At((x / 80) + 40, y / 80)), across + (46 * noise.Fractal((x / 130) + 5, (y / 130) - 9, 2)));
    }

    /// <summary>Direction of the fibres at a point, in radians: where the coordinate across them does not change.</summary>
    public float Angle(float x, float y)
    {
        const float Near = 2;
        float slopeX = (At(x + Near, y).Y - At(x - Near, y).Y) / (2 * Near);
        float slopeY = (At(x, y + Near).Y - At(x, y - Near).Y) / (2 * Near);
        return MathF.Atan2(-slopeX, slopeY);
    }
}
