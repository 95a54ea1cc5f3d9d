using System.Numerics;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Ophthalmology;

/// <summary>The retina of one eye, painted once in colour; frames are cut out of it. Distances are in disc diameters.</summary>
internal sealed class FundusPainting
{
    private readonly int _width;
    private readonly int _height;
    private readonly float _half;
    private readonly Vector2 _middle; // what lies in the middle of the picture
    private readonly float _unitsPerHalf;
    private readonly int _mirror;

    public FundusPainting(
        ParameterDraws draws, string finding, int mirror, string centre, float fieldOfView, float cup, int lesions, float pigment, float tortuosity,
        int width, int height, float margin)
    {
        Random random = draws.Stream("painting");
        _mirror = mirror;
        _width = (int)(width * margin);
        _height = (int)(height * margin);
        _half = Math.Min(width, height) / 2f;
        _unitsPerHalf = fieldOfView / 2;
        Red = new Plane(_width, _height);
        Green = new Plane(_width, _height);
        Blue = new Plane(_width, _height);
        Vignette = (float)random.Range(0.15, 0.45);
        Vector2 macula = new((float)random.Range(2.4, 2.8), (float)random.Range(0.1, 0.35));
        _middle = centre switch { "macula" => macula, "disc" => default, _ => macula / 2 }
            + new Vector2((float)random.Range(-0.3, 0.3), (float)random.Range(-0.3, 0.3));

        PaintGround(draws, random, pigment, macula);
        PaintLesions(random, finding, lesions, macula, beforeVessels: true);
        PaintDisc(random, cup);
        PaintVessels(
            new VesselTree(draws.Stream("vessels"), macula, (fieldOfView * 0.75f) + _middle.Length(), tortuosity), (float)random.Range(0.75, 1.1));
        PaintLesions(random, finding, lesions, macula, beforeVessels: false);
        foreach (Plane plane in new[] { Red, Green, Blue })
        {
            Blur.Gaussian(plane, random.Range(0.002, 0.0045) * Math.Min(width, height));
        }
    }

    public Plane Red { get; }

    public Plane Green { get; }

    public Plane Blue { get; }

    /// <summary>Loss of light from the middle to the border, 0 to 1.</summary>
    public float Vignette { get; }

    /// <summary>Column of the painting for a position in half sides of the picture.</summary>
    public float ColumnOf(float x) => (x * _half) + (_width / 2f) - 0.5f;

    /// <summary>Row of the painting for a position in half sides of the picture.</summary>
    public float RowOf(float y) => (y * _half) + (_height / 2f) - 0.5f;

    private float UnitsPerPixel => _unitsPerHalf / _half;

    // Retina coordinates (temporal is +x) of a pixel.
    private Vector2 At(int x, int y) => _middle + new Vector2(_mirror * (x + 0.5f - (_width / 2f)), y + 0.5f - (_height / 2f)) * UnitsPerPixel;

    private void PaintGround(ParameterDraws draws, Random random, float pigment, Vector2 macula)
    {
        ValueNoise noise = new(draws.Seed("ground"));
        Vector3 light = Vector3.Lerp(new(0.9f, 0.4f, 0.16f), new(0.86f, 0.38f, 0.3f), (float)random.NextDouble());
        Vector3 dark = Vector3.Lerp(new(0.66f, 0.24f, 0.07f), new(0.6f, 0.2f, 0.12f), (float)random.NextDouble());
        Vector3 ground = Vector3.Lerp(light, dark, pigment) * (float)random.Range(1, 1.4);
        float tessellation = 0.28f * (1 - pigment) * (float)random.NextDouble();
        float tilt = (float)random.Range(-0.12, 0.12);
        float rim = (float)random.Range(0.25, 0.6);
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                Vector2 p = At(x, y);
                float patch = noise.Fractal(p.X * 0.7f, p.Y * 0.7f, 3);
                float ridge = 1 - MathF.Min(1, 3.2f * MathF.Abs(noise.Fractal((p.X * 1.1f) + 40, p.Y * 1.9f, 2)));
                Vector3 colour = ground * (1 + (0.16f * patch) + (tilt * (p.X - _middle.X) / _unitsPerHalf));
                colour *= Vector3.One - (tessellation * ridge * new Vector3(0.5f, 1, 1.2f));
                float fromMacula = Vector2.DistanceSquared(p, macula);
                float spot = MathF.Exp(-fromMacula / 0.55f);
                float pit = MathF.Exp(-fromMacula / 0.03f);
                colour *= Vector3.One - (spot * new Vector3(0.22f, 0.42f, 0.42f)) - (pit * new Vector3(0.08f, 0.14f, 0.1f));
                float fromDisc = p.Length();
                colour += new Vector3(0.05f, 0.045f, 0.02f) * MathF.Exp(-fromDisc * fromDisc / 2.2f) * (
                    1 + (0.5f * noise.At(MathF.Atan2(p.Y, p.X) * 14, fromDisc)));
                colour *= 1 - (rim * MathF.Pow(MathF.Min(1, Vector2.Distance(p, _middle) / (_unitsPerHalf * 1.2f)), 4));
                Set(x, y, colour);
            }
        }
    }

    private void PaintDisc(Random random, float cup)
    {
        Vector3 rim = new Vector3(0.95f, 0.68f, 0.4f) * (float)random.Range(0.9, 1.05);
        Vector3 pale = new Vector3(1, 0.9f, 0.66f) * (float)random.Range(0.92, 1.05);
        float tall = (float)random.Range(1, 1.15);
        Vector2 cupAt = new((float)random.Range(0, 0.06), (float)random.Range(-0.03, 0.03));
        ForEach(new Vector2(0, 0), 0.8f, (x, y, p) =>
        {
            float distance = MathF.Sqrt((p.X * p.X) + (p.Y * p.Y / (tall * tall))) / 0.5f;
            float disc = Soft(1 - distance, 0.12f);
            float ring = MathF.Exp(-(distance - 1.08f) * (distance - 1.08f) / 0.012f);
            float inCup = Soft(cup - (Vector2.Distance(p, cupAt) / 0.5f), 0.18f);
            Vector3 colour = Get(x, y) * (1 - (0.14f * ring));
            Set(x, y, Vector3.Lerp(colour, Vector3.Lerp(rim, pale, inCup), 0.92f * disc));
        });
    }

    private void PaintVessels(VesselTree tree, float strength)
    {
        Plane blood = new(_width, _height);
        Plane reflex = new(_width, _height);
        foreach (VesselSegment segment in tree.Segments)
        {
            float widest = segment.FromWidth / 2;
            Vector2 axis = segment.To - segment.From;
            ForEach((segment.From + segment.To) / 2, (axis.Length() / 2) + widest + UnitsPerPixel, (x, y, p) =>
            {
                float along = Math.Clamp(Vector2.Dot(p - segment.From, axis) / axis.LengthSquared(), 0, 1);
                float half = (segment.FromWidth + (along * (segment.ToWidth - segment.FromWidth))) / 2;
                float distance = Vector2.Distance(p, segment.From + (along * axis));
                float cover = Math.Clamp(((half - distance) / UnitsPerPixel) + 0.5f, 0, 1) * MathF.Min(1, 2 * half / UnitsPerPixel);
                float dark = cover * (segment.IsVein ? 0.6f : 0.42f);
                blood[x, y] = MathF.Max(blood[x, y], dark);
                if (!segment.IsVein && half > 0.018f)
                {
                    reflex[x, y] = MathF.Max(reflex[x, y], cover * MathF.Max(0, 1 - (distance / (0.4f * half))));
                }
            });
        }

        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                float b = blood[x, y] * strength;
                Vector3 colour = Get(x, y) * (Vector3.One - (b * new Vector3(0.55f, 1.05f, 0.95f)));
                Set(x, y, colour + (reflex[x, y] * new Vector3(0.1f, 0.06f, 0.03f)));
            }
        }
    }

    private void PaintLesions(Random random, string finding, int count, Vector2 macula, bool beforeVessels)
    {
        if (finding == "drusen" && beforeVessels)
        {
            for (int i = 0; i < count * 2; i++)
            {
                Vector2 at = macula + (new Vector2((float)random.Gaussian(), (float)random.Gaussian()) * 0.55f);
                Blot(at, (float)random.Range(0.02, 0.075), new Vector3(0.95f, 0.72f, 0.38f), (float)random.Range(0.4, 0.8), 0.5f);
            }
        }

        if (finding != "diabetic-retinopathy")
        {
            return;
        }

        for (int i = 0; i < count; i++)
        {
            Vector2 at = (macula * 0.7f) + (new Vector2((float)random.Gaussian(), (float)random.Gaussian()) * 1.5f);
            if (beforeVessels)
            {
                // Exudates come in clusters, often in rings around the macula.
                Vector2 cluster = macula + (new Vector2((float)random.Gaussian(), (float)random.Gaussian()) * 0.8f);
                for (int k = 0; k < 3; k++)
                {
                    Blot(
                        cluster + (new Vector2((float)random.Gaussian(), (float)random.Gaussian()) * 0.12f), (float)random.Range(0.015, 0.055),
                        new Vector3(1, 0.86f, 0.45f), 0.85f, 0.3f);
                }
            }
            else
            {
                float size = random.Chance(0.25) ? (float)random.Range(0.08, 0.2) : (float)random.Range(0.018, 0.06);
                Blot(at, size, new Vector3(0.36f, 0.05f, 0.04f), (float)random.Range(0.6, 0.9), 0.4f);
            }
        }
    }

    private void Blot(Vector2 at, float radius, Vector3 colour, float opacity, float softness) => ForEach(at, radius * 1.3f, (x, y, p) =>
    {
        Vector2 d = p - at;
        float angle = MathF.Atan2(d.Y, d.X);
        float uneven = 1 + (0.13f * MathF.Sin((2 * angle) + (17 * at.Y))) + (0.08f * MathF.Sin((5 * angle) + at.Y));
        float cover = Soft(1 - (d.Length() / (radius * uneven)), softness) * MathF.Min(1, 1.5f * radius / UnitsPerPixel);
        Set(x, y, Vector3.Lerp(Get(x, y), colour * (0.5f + (0.5f * Get(x, y).X)), cover * opacity));
    });

    private static float Soft(float value, float width) => Math.Clamp((value / width) + 0.5f, 0, 1) is var t ? t * t * (3 - (2 * t)) : 0;

    private void ForEach(Vector2 around, float reach, Action<int, int, Vector2> visit)
    {
        Vector2 d = (around - _middle) / UnitsPerPixel;
        float r = reach / UnitsPerPixel;
        float column = (_width / 2f) + (_mirror * d.X);
        float row = (_height / 2f) + d.Y;
        for (int y = Math.Max(0, (int)(row - r)); y <= Math.Min(_height - 1, (int)(row + r + 1)); y++)
        {
            for (int x = Math.Max(0, (int)(column - r)); x <= Math.Min(_width - 1, (int)(column + r + 1)); x++)
            {
                visit(x, y, At(x, y));
            }
        }
    }

    private Vector3 Get(int x, int y) => new(Red[x, y], Green[x, y], Blue[x, y]);

    private void Set(int x, int y, Vector3 colour) => (Red[x, y], Green[x, y], Blue[x, y]) = (colour.X, colour.Y, colour.Z);
}
