using System.Numerics;
using MedGen.Phantoms.Fields;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>The picture of a lumen from a camera in it: lights what rays meet, adds wet highlights and the mask of the processor.</summary>
internal sealed record LumenView
{
    /// <summary>Where the camera is along the lumen, in radii.</summary>
    public required float Camera { get; init; }

    /// <summary>Where the camera is across the lumen.</summary>
    public required Vector2 Eye { get; init; }

    /// <summary>Direction of the picture's middle: across per unit along.</summary>
    public required Vector2 Look { get; init; }

    /// <summary>Rotation in radians.</summary>
    public required float Roll { get; init; }

    /// <summary>Tangent of half the angle of view along the shorter side.</summary>
    public required float HalfAngle { get; init; }

    /// <summary>Brightness.</summary>
    public required float Exposure { get; init; }

    /// <summary>How fast light is lost with the square of the depth.</summary>
    public float Falloff { get; init; } = 0.3f;

    /// <summary>White balance.</summary>
    public required Vector3 Balance { get; init; }

    /// <summary>Strength of wet highlights, 0 to 1.</summary>
    public required float Gloss { get; init; }

    /// <summary>Roughness of the surface that breaks the highlights up.</summary>
    public required ValueNoise Ripple { get; init; }

    /// <summary>Renders the picture.</summary>
    /// <param name="trace">Ray (across per unit along) to what it meets with its colour; null where it is dark.</param>
    /// <param name="red">Takes red, 0 to 1.</param>
    /// <param name="green">Takes green.</param>
    /// <param name="blue">Takes blue.</param>
    public void Render(Func<Vector2, (LumenHit Hit, Vector3 Colour)?> trace, Plane red, Plane green, Plane blue)
    {
        Func<int, int, Vector2> rayOf = Rays(red.Width, red.Height);
        for (int y = 0, at = 0; y < red.Height; y++)
        {
            for (int x = 0; x < red.Width; x++, at++)
            {
                Vector3 lit = Vector3.Zero;
                if (trace(rayOf(x, y)) is var (hit, colour))
                {
                    Vector3 point = new(hit.Around, hit.Depth + Camera);
                    float rough = Ripple.Fractal(point.X * 6, point.Y * 6, point.Z * 6, 2);
                    float facing = Math.Clamp(hit.Facing + (0.12f * rough), 0, 1);
                    float lamp = Exposure / (0.7f + (hit.Depth * hit.Depth * Falloff));
                    float wet = Math.Clamp((rough - 0.3f) / 0.25f, 0, 1);
                    float mirror = wet * wet * facing * facing * facing;
                    Vector3 deep = new(1, 1 - (0.04f * hit.Depth), 1 - (0.05f * hit.Depth)); // what comes back from the depth is redder
                    lit = colour * deep * Balance * (lamp * hit.Occlusion * (0.08f + (1.1f * facing)));
                    lit += new Vector3(Gloss * MathF.Min(1.3f, lamp) * mirror * hit.Occlusion);
                    lit /= Vector3.One + (0.3f * lit);
                }

                red.Values[at] = lit.X;
                green.Values[at] = lit.Y;
                blue.Values[at] = lit.Z;
            }
        }
    }

    /// <summary>The part of the picture in which a thing is seen.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="width">Width of the picture in px.</param>
    /// <param name="height">Height in px.</param>
    /// <param name="isShown">Whether a pixel is within the outline of the picture.</param>
    /// <param name="isHit">Whether a ray meets the thing before anything else.</param>
    /// <returns>The smallest box around it; null: it is not seen.</returns>
    public PhantomRegion? RegionOf(string label, int width, int height, Func<int, int, bool> isShown, Func<Vector2, bool> isHit)
    {
        Func<int, int, Vector2> rayOf = Rays(width, height);
        (int left, int top, int right, int bottom, int pixels) = (width, height, -1, -1, 0);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (isShown(x, y) && isHit(rayOf(x, y)))
                {
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
                    pixels++;
                }
            }
        }

        return pixels == 0
            ? null
            : new PhantomRegion
            {
                Label = label, Track = 0, X = left, Y = top, Width = right - left + 1, Height = bottom - top + 1, Pixels = pixels,
            };
    }

    // Direction across per unit along of a pixel's middle.
    private Func<int, int, Vector2> Rays(int width, int height)
    {
        float half = Math.Min(width, height) / 2f;
        (float sin, float cos) = MathF.SinCos(Roll);
        return (x, y) =>
        {
            float px = (x + 0.5f - (width / 2f)) / half;
            float py = (y + 0.5f - (height / 2f)) / half;
            float bend = 1 + (0.22f * ((px * px) + (py * py))); // wide-angle lens
            Vector2 ray = new(((cos * px) - (sin * py)) * bend * HalfAngle, ((sin * px) + (cos * py)) * bend * HalfAngle);
            return ray + Look;
        };
    }
}
