using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Endoscopy.Lumens;

/// <summary>The outline that an endoscope's processor gives to the picture, the lens's blur and the sensor's noise.</summary>
internal static class ScopeMask
{
    /// <summary>Allowed outlines.</summary>
    public static IReadOnlyList<string> Shapes { get; } = ["octagonal", "round", "square", "none"];

    /// <summary>Cuts the picture out and adds blur and noise.</summary>
    /// <param name="shape">One of <see cref="Shapes"/>.</param>
    /// <param name="size">Half width of the outline in half sides, 0.8 to 1.</param>
    /// <param name="noise">Standard deviation of the noise.</param>
    /// <param name="seed">Seed of this frame's noise.</param>
    /// <param name="planes">Red, green, blue.</param>
    public static void Apply(string shape, float size, float noise, int seed, params ReadOnlySpan<Plane> planes)
    {
        foreach (Plane plane in planes)
        {
            Blur.Gaussian(plane, 0.0035 * Math.Min(plane.Width, plane.Height));
        }

        Plane first = planes[0];
        uint state = Streams.Mix((uint)seed);
        for (int y = 0, at = 0; y < first.Height; y++)
        {
            for (int x = 0; x < first.Width; x++, at++)
            {
                float inside = Inside(shape, size, x, y, first.Width, first.Height);
                foreach (Plane plane in planes)
                {
                    state = (state * 1664525) + 1013904223;
                    float grain = ((int)(state >> 16) - (int)((state * 2654435761) >> 16)) / 26000f;
                    plane.Values[at] = (inside * (plane.Values[at] + (noise * grain))) + ((1 - inside) * 0.01f);
                }
            }
        }
    }

    /// <summary>How much of a pixel lies within the outline, 0 to 1.</summary>
    /// <param name="shape">One of <see cref="Shapes"/>.</param>
    /// <param name="size">Half width of the outline in half sides, 0.8 to 1.</param>
    /// <param name="x">Column of the pixel.</param>
    /// <param name="y">Row of the pixel.</param>
    /// <param name="width">Width of the picture in px.</param>
    /// <param name="height">Height of the picture in px.</param>
    public static float Inside(string shape, float size, int x, int y, int width, int height)
    {
        float half = Math.Min(width, height) / 2f;
        float px = MathF.Abs(x + 0.5f - (width / 2f)) / half;
        float py = MathF.Abs(y + 0.5f - (height / 2f)) / half;
        float outside = shape switch
        {
            "octagonal" => MathF.Max(MathF.Max(px, py), (px + py) * 0.72f),
            "round" => MathF.Sqrt((px * px) + (py * py)),
            "square" => MathF.Max(MathF.Max(px, py), (px + py) * 0.56f),
            _ => 0,
        };
        return Math.Clamp(((size - outside) * half) + 0.5f, 0, 1);
    }
}
