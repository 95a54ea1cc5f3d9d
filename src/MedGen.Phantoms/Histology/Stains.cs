using System.Numerics;
using MedGen.Phantoms.Fields;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Histology;

/// <summary>
/// Amounts of the stains in a section, point by point, and the cells that are put into it. Lengths are in micrometres unless they say px.
/// </summary>
/// <param name="width">Width in px.</param>
/// <param name="height">Height in px.</param>
/// <param name="scale">Micrometres a px.</param>
/// <param name="isImmuno">Stained by an antibody with DAB and haematoxylin, instead of haematoxylin and eosin.</param>
/// <param name="noise">Texture.</param>
internal sealed class Stains(int width, int height, float scale, bool isImmuno, ValueNoise noise)
{
    /// <summary>Width in px.</summary>
    public int Width => width;

    /// <summary>Height in px.</summary>
    public int Height => height;

    /// <summary>Micrometres a px.</summary>
    public float Scale => scale;

    /// <summary>Whether DAB is used instead of eosin.</summary>
    public bool IsImmuno => isImmuno;

    /// <summary>Texture.</summary>
    public ValueNoise Noise => noise;

    /// <summary>Haematoxylin.</summary>
    public Plane Haematoxylin { get; } = new(width, height);

    /// <summary>Eosin.</summary>
    public Plane Eosin { get; } = new(width, height);

    /// <summary>Diaminobenzidine.</summary>
    public Plane Dab { get; } = new(width, height);

    /// <summary>Puts a nucleus of half-axes a and b, turned by an angle in radians.</summary>
    public void Nucleus(float px, float py, float a, float b, float angle, float strength)
    {
        (float sin, float cos) = MathF.SinCos(angle);
        float stain = strength * (IsImmuno ? 0.62f : 1.05f);
        ForEach(new Vector2(px, py), a + Scale, (x, y, p) =>
        {
            float u = ((cos * (p.X - px)) + (sin * (p.Y - py))) / a;
            float v = ((cos * (p.Y - py)) - (sin * (p.X - px))) / b;
            float r = MathF.Sqrt((u * u) + (v * v));
            float inside = Math.Clamp(((1 - r) * b / Scale) + 0.5f, 0, 1);
            if (inside <= 0)
            {
                return;
            }

            float chromatin = 0.82f + (0.35f * Noise.Fractal(p.X / 1.5f, p.Y / 1.5f, 2)) + (r > 0.72f ? 0.18f : 0);
            Haematoxylin[x, y] = MathF.Max(Haematoxylin[x, y], inside * stain * chromatin);
            Eosin[x, y] *= 1 - (0.35f * inside);
            Dab[x, y] *= 1 - (0.55f * inside);
        });
    }

    /// <summary>Puts a red blood cell.</summary>
    public void RedCell(float px, float py) => ForEach(new Vector2(px, py), 3.2f + Scale, (x, y, p) =>
    {
        float r = Vector2.Distance(p, new Vector2(px, py)) / 3.1f;
        float inside = Math.Clamp(((1 - r) * 3.1f / Scale) + 0.5f, 0, 1);
        Eosin[x, y] += inside * (IsImmuno ? 0.05f : 0.45f) * (r < 0.4f ? 0.8f : 1);
    });

    /// <summary>Visits the points near a place: column, row and position.</summary>
    public void ForEach(Vector2 around, float reach, Action<int, int, Vector2> visit)
    {
        for (int y = Math.Max(0, (int)((around.Y - reach) / Scale)); y <= Math.Min(Height - 1, (int)((around.Y + reach) / Scale) + 1); y++)
        {
            for (int x = Math.Max(0, (int)((around.X - reach) / Scale)); x <= Math.Min(Width - 1, (int)((around.X + reach) / Scale) + 1); x++)
            {
                visit(x, y, new Vector2(x, y) * Scale);
            }
        }
    }
}
