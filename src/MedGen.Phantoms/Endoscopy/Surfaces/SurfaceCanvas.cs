using System.Numerics;
using MedGen.Phantoms.Randomness;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Endoscopy.Surfaces;

/// <summary>
/// A height field with colour and gloss, painted from back to front with <see cref="Stroke"/>s and then lit from the camera, as an endoscope lights
/// what it sees: bright where the surface faces the lens, dark at rims and in the depth, with highlights where it is wet.
/// </summary>
/// <param name="width">Width in px.</param>
/// <param name="height">Height in px.</param>
internal sealed class SurfaceCanvas(int width, int height)
{
    private const float ShadowReach = 0.35f; // in radii beyond the rim
    private const float CameraDistance = 1.6f; // world units above height 0
    private const float MaximumSlope = 2.2f;
    private const float RaggedFrom = 0.5f; // the irregularity of an outline does not reach the middle

    private readonly Vector3[] _colour = new Vector3[width * height];
    private readonly float[] _height = new float[width * height];
    private readonly float[] _gloss = new float[width * height];
    private EndoscopeView _view;
    private float _pixel;
    private float _cos;
    private float _sin;

    /// <summary>World units per pixel.</summary>
    public float PixelSize => _pixel;

    /// <summary>Starts a picture.</summary>
    /// <param name="view">Where the camera looks.</param>
    /// <param name="ground">What lies behind everything.</param>
    public void Begin(EndoscopeView view, Tissue ground)
    {
        _view = view;
        _pixel = 2 * view.HalfSide / Math.Min(width, height);
        (_sin, _cos) = MathF.SinCos(view.Roll);
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at++)
            {
                Vector2 world = ToWorld(x, y);
                (_colour[at], float bump) = ground.At(world.X, world.Y);
                _height[at] = bump;
                _gloss[at] = ground.Gloss;
            }
        }
    }

    /// <summary>Paints a body over what is there.</summary>
    /// <param name="stroke">The body.</param>
    public void Draw(in Stroke stroke)
    {
        float reach = MathF.Max(stroke.FromRadius, stroke.ToRadius) * (
            1 + stroke.Ragged + MathF.Max(stroke.Shadow > 0 ? ShadowReach : 0, stroke.Softness));
        (int left, int top, int right, int bottom) = Bounds(stroke.From, stroke.To, reach);
        Vector2 axis = stroke.To - stroke.From;
        float squared = axis.LengthSquared();
        Tissue tissue = stroke.Tissue;
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                Vector2 world = ToWorld(x, y);
                float along = squared > 0 ? Math.Clamp(Vector2.Dot(world - stroke.From, axis) / squared, 0, 1) : 0;
                float radius = stroke.FromRadius + (along * along * (3 - (2 * along)) * (stroke.ToRadius - stroke.FromRadius));
                float distance = Vector2.Distance(world, stroke.From + (along * axis)) / radius;
                if (distance > 1 + stroke.Ragged + ShadowReach + stroke.Softness)
                {
                    continue;
                }

                int at = (y * width) + x;
                float u = world.X - stroke.TextureOrigin.X;
                float v = world.Y - stroke.TextureOrigin.Y;
                if (stroke.Ragged > 0 && distance > RaggedFrom)
                {
                    distance += MathF.Min(1, 3 * (distance - RaggedFrom)) * stroke.Ragged * tissue.Noise.Fractal(
                        (u * 3 / radius) + 7, (v * 3 / radius) + 5, 2);
                }

                float edge = stroke.Softness > 0
                    ? Smooth((1 - distance) / stroke.Softness)
                    : Math.Clamp(((1 - distance) * radius / _pixel) + 0.5f, 0, 1);
                if (edge <= 0)
                {
                    if (stroke.Shadow > 0 && distance < 1 + ShadowReach)
                    {
                        float shade = 1 - ((distance - 1) / ShadowReach);
                        _colour[at] *= 1 - (stroke.Shadow * shade * shade);
                    }

                    continue;
                }

                Paint(at, stroke, u, v, distance, radius, edge);
            }
        }
    }

    /// <summary>Lights the picture and writes it.</summary>
    /// <param name="light">Light, sensor and mask.</param>
    /// <param name="red">Takes red, 0 to 1.</param>
    /// <param name="green">Takes green.</param>
    /// <param name="blue">Takes blue.</param>
    public void Shade(EndoscopeLight light, Plane red, Plane green, Plane blue)
    {
        float half = Math.Min(width, height) / 2f;
        for (int y = 0, at = 0; y < height; y++)
        {
            int above = y > 0 ? -width : 0;
            int below = y < height - 1 ? width : 0;
            for (int x = 0; x < width; x++, at++)
            {
                float px = (x + 0.5f - (width / 2f)) / half;
                float py = (y + 0.5f - (height / 2f)) / half;
                float spanX = _pixel * ((x > 0 ? 1 : 0) + (x < width - 1 ? 1 : 0));
                float slopeX = (_height[at + (x < width - 1 ? 1 : 0)] - _height[at - (x > 0 ? 1 : 0)]) / spanX;
                float slopeY = (_height[at + below] - _height[at + above]) / (_pixel * ((below != 0 ? 1 : 0) + (above != 0 ? 1 : 0)));
                // Soft tissue has no cliffs: a step in height is a rounded rim, not a black line.
                float steep = MathF.Sqrt((slopeX * slopeX) + (slopeY * slopeY));
                float limit = MaximumSlope * steep / (MaximumSlope + steep);
                float rounded = steep > 0 ? limit / steep : 1;
                Vector3 normal = Vector3.Normalize(new Vector3(-slopeX * rounded, -slopeY * rounded, 1));
                float depth = CameraDistance - _height[at];
                Vector3 toLight = Vector3.Normalize(new Vector3((light.Offset.X - px) * 0.6f, (light.Offset.Y - py) * 0.6f, depth));
                Vector3 toEye = Vector3.Normalize(new Vector3(-px * 0.5f, -py * 0.5f, depth));
                float diffuse = MathF.Max(0, Vector3.Dot(normal, toLight));
                Vector3 middle = Vector3.Normalize(toLight + toEye);
                float mirror = MathF.Max(0, Vector3.Dot(normal, middle));
                mirror *= mirror;
                mirror *= mirror;
                mirror *= mirror;
                mirror *= mirror; // 16
                float sharp = mirror * mirror * mirror; // 48
                float distance = depth / CameraDistance;
                float radial = (px * px) + (py * py);
                float lamp = light.Exposure * (1 - (light.Falloff * MathF.Min(1, 0.62f * radial))) / (distance * distance);
                Vector3 lit = _colour[at] * (lamp * (0.06f + (1.1f * diffuse * diffuse)));
                lit += new Vector3(_gloss[at] * lamp * ((1.1f * sharp * sharp * sharp) + (0.05f * mirror)));
                lit = Develop(lit, light);
                red.Values[at] = lit.X;
                green.Values[at] = lit.Y;
                blue.Values[at] = lit.Z;
            }
        }
    }

    /// <summary>Adds a round mask and the sensor's noise.</summary>
    /// <param name="light">Their sizes.</param>
    /// <param name="seed">Seed of the noise of this frame.</param>
    /// <param name="red">Red, 0 to 1.</param>
    /// <param name="green">Green.</param>
    /// <param name="blue">Blue.</param>
    public static void Finish(EndoscopeLight light, int seed, Plane red, Plane green, Plane blue)
    {
        float half = Math.Min(red.Width, red.Height) / 2f;
        uint state = Streams.Mix((uint)seed);
        for (int y = 0, at = 0; y < red.Height; y++)
        {
            for (int x = 0; x < red.Width; x++, at++)
            {
                float px = (x + 0.5f - (red.Width / 2f)) / half;
                float py = (y + 0.5f - (red.Height / 2f)) / half;
                float inside = Math.Clamp((light.MaskRadius - MathF.Sqrt((px * px) + (py * py))) * half * 0.7f, 0, 1);
                red.Values[at] = inside * (red.Values[at] + (light.Noise * Triangular(ref state)));
                green.Values[at] = inside * (green.Values[at] + (light.Noise * Triangular(ref state)));
                blue.Values[at] = inside * (blue.Values[at] + (light.Noise * Triangular(ref state)));
            }
        }
    }

    private static float Triangular(ref uint state)
    {
        state = (state * 1664525) + 1013904223;
        return ((int)(state >> 16) - (int)((state * 2654435761) >> 16)) / 26000f;
    }

    private static Vector3 Develop(Vector3 lit, EndoscopeLight light)
    {
        lit *= light.Balance;
        float grey = (0.3f * lit.X) + (0.59f * lit.Y) + (0.11f * lit.Z);
        lit = Vector3.Max(Vector3.Zero, new Vector3(grey) + (light.Saturation * (lit - new Vector3(grey))));

        // A camera's shoulder: linear in the dark, soft towards white.
        return lit / (Vector3.One + (0.28f * lit * lit));
    }

    private static float Smooth(float t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * (3 - (2 * t));
    }

    private void Paint(int at, in Stroke stroke, float u, float v, float distance, float radius, float edge)
    {
        float alpha = edge * stroke.Opacity;
        if (stroke.Coverage < 1)
        {
            float threshold = 0.5f + (0.9f * stroke.Tissue.Noise.Fractal((u * 6) - 13, (v * 6) + 29, 3)) + (0.35f * (distance - 0.5f));
            alpha *= Smooth((stroke.Coverage - threshold + 0.1f) / 0.2f);
        }

        if (alpha <= 0.004f)
        {
            return;
        }

        (Vector3 colour, float bump) = stroke.Tissue.At(u, v);
        float surface = stroke.Bulge > 0
            ? stroke.Height + bump + (stroke.Bulge * radius * MathF.Sqrt(MathF.Max(0, 1 - (distance * distance))))
            : _height[at] + bump;
        _colour[at] = Vector3.Lerp(_colour[at], colour, alpha);
        _height[at] += alpha * (surface - _height[at]);
        _gloss[at] += alpha * (stroke.Tissue.Gloss - _gloss[at]);
    }

    private Vector2 ToWorld(int x, int y)
    {
        float px = (x + 0.5f - (width / 2f)) * _pixel;
        float py = (y + 0.5f - (height / 2f)) * _pixel;
        return _view.Centre + new Vector2((_cos * px) - (_sin * py), (_sin * px) + (_cos * py));
    }

    private Vector2 ToPixel(Vector2 world)
    {
        Vector2 d = world - _view.Centre;
        return new Vector2((((_cos * d.X) + (_sin * d.Y)) / _pixel) + (width / 2f), (((_cos * d.Y) - (_sin * d.X)) / _pixel) + (height / 2f));
    }

    private (int Left, int Top, int Right, int Bottom) Bounds(Vector2 from, Vector2 to, float reach)
    {
        Vector2 a = ToPixel(from);
        Vector2 b = ToPixel(to);
        float margin = (reach / _pixel) + 1;
        return (
            Math.Max(0, (int)(MathF.Min(a.X, b.X) - margin)),
            Math.Max(0, (int)(MathF.Min(a.Y, b.Y) - margin)),
            Math.Min(width - 1, (int)(MathF.Max(a.X, b.X) + margin)),
            Math.Min(height - 1, (int)(MathF.Max(a.Y, b.Y) + margin)));
    }
}
