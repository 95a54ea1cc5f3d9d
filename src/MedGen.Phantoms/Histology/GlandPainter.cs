using System.Numerics;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Histology;

/// <summary>Paints glands: basement membrane, columnar cells, lumen, nuclei. Lengths are in micrometres.</summary>
/// <param name="stains">Where to paint.</param>
/// <param name="random">Draws places and shapes.</param>
internal sealed class GlandPainter(Stains stains, Random random)
{
    /// <summary>Fills the section with glands that do not touch.</summary>
    /// <param name="size">Radius.</param>
    /// <param name="irregularity">How far outlines leave the ellipse: 0.1 in healthy tissue, above 0.2 in a carcinoma.</param>
    /// <param name="regular">Width of the lumen relative to healthy tissue.</param>
    /// <param name="nucleus">Radius of nuclei.</param>
    /// <param name="layers">Rows of nuclei.</param>
    public void Paint(float size, float irregularity, float regular, float nucleus, int layers)
    {
        List<(Vector2 At, float Radius)> glands = [];
        float spacing = size * (irregularity > 0.2f ? 2.05f : 2.35f);
        int tries = (int)(8 * stains.Width * stains.Height * stains.Scale * stains.Scale / (spacing * spacing)) + 20;
        for (int i = 0; i < tries; i++)
        {
            Vector2 at = new(
                ((float)random.NextDouble() * (stains.Width * stains.Scale + (2 * size))) - size, (
                    (float)random.NextDouble() * (stains.Height * stains.Scale + (2 * size))) - size);
            float radius = size * (float)random.Range(0.75, 1.2);
            if (glands.All(g => Vector2.Distance(g.At, at) > (g.Radius + radius) * 1.08f))
            {
                glands.Add((at, radius));
            }
        }

        foreach ((Vector2 at, float radius) in glands)
        {
            Gland(at, radius, irregularity, regular, nucleus, layers);
        }
    }

    private void Gland(Vector2 at, float radius, float irregularity, float regular, float nucleus, int layers)
    {
        float key = at.X + (at.Y * 3.7f);
        float stretch = (float)random.Range(0.75, 1.3);
        float lumenShare = (float)random.Range(0.24, 0.46) * regular;
        bool goblets = irregularity < 0.2f;
        float positive = stains.IsImmuno ? (float)random.Range(0.35, 1.1) : 0;

        float Outline(Vector2 direction) =>
            1 + (irregularity * stains.Noise.Fractal((direction.X * 1.6f) + key, direction.Y * 1.6f, 2))
                + (0.08f * stains.Noise.At((direction.X * 1.2f) - key, direction.Y * 1.2f));

        stains.ForEach(at, radius * 1.6f, (x, y, p) =>
        {
            Vector2 d = (p - at) * new Vector2(stretch, 1 / stretch);
            float length = d.Length() / radius;
            Vector2 direction = length > 1e-3f ? d / (length * radius) : Vector2.UnitX;
            float r = length / Outline(direction);
            if (r > 1.07f)
            {
                return;
            }

            if (r > 1)
            {
                // Basement membrane, often with a cleft.
                float edge = 1 - ((r - 1) / 0.07f);
                stains.Eosin[x, y] = (stains.Eosin[x, y] * (1 - edge)) + (edge * 0.16f * (stains.IsImmuno ? 0.2f : 1));
                stains.Haematoxylin[x, y] *= 1 - (0.6f * edge);
                return;
            }

            float texture = stains.Noise.Fractal(p.X / 4, p.Y / 4, 2);
            float lumen = Math.Clamp((lumenShare - r + (0.05f * texture)) / 0.05f, 0, 1);
            float angle = MathF.Atan2(direction.Y, direction.X);
            float cells = MathF.Abs(MathF.Sin(angle * radius * 0.42f)); // borders between columnar cells
            float cytoplasm = 0.3f + (0.1f * texture) + (cells < 0.16f ? 0.14f : 0);
            float vacuole = goblets && r < 0.78f ? Math.Clamp((stains.Noise.At((angle * radius / 5.5f) + key, r * 4) - 0.05f) * 5, 0, 1) : 0;
            stains.Eosin[x, y] = (stains.IsImmuno ? 0.05f : 1) * ((cytoplasm * (1 - (0.7f * vacuole)) * (1 - lumen)) + (0.04f * lumen));
            stains.Haematoxylin[x, y] = (0.16f + (0.06f * texture)) * (1 - lumen) * (1 - (0.5f * vacuole));
            stains.Dab[x, y] = positive * (1 - lumen) * (
                0.45f + (0.25f * texture) + (cells < 0.2f || r > 0.93f ? 0.45f : 0)) * (1 - (0.6f * vacuole));
        });

        // Nuclei sit at the base in a regular gland, in several uneven rows in a carcinoma.
        for (int row = 0; row < layers; row++)
        {
            int count = (int)(2 * MathF.PI * radius / (nucleus * (layers > 1 ? 2.1f : 1.6f)));
            float depth = 0.84f - (0.2f * row);
            for (int i = 0; i < count; i++)
            {
                float angle = (2 * MathF.PI * (i + (0.4f * (float)random.Gaussian() * (layers > 1 ? 1 : 0.4f))) / count) + row;
                Vector2 direction = new(MathF.Cos(angle), MathF.Sin(angle));
                float r = (depth + (0.05f * layers * (float)random.Gaussian())) * radius * Outline(direction);
                if (r < radius * (lumenShare + 0.08f) || random.Chance(0.06))
                {
                    continue;
                }

                Vector2 d = direction * r;
                Vector2 place = at + new Vector2(d.X / stretch, d.Y * stretch);
                float size = nucleus * (float)random.Range(0.75, layers > 1 ? 1.45 : 1.15);
                stains.Nucleus(
                    place.X, place.Y, size * 1.05f, size * (float)random.Range(0.55, 0.8), angle
                        + (0.25f * (float)random.Gaussian()), (float)random.Range(layers > 1 ? 0.5 : 0.7, 1.1));
            }
        }
    }
}
