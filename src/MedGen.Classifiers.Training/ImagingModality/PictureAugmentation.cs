using MedGen.Phantoms.Randomness;
using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Networks;
using MedGen.Datasets.Reading;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Random changes of a picture that leave its modality as it is but take away what only tells the source: framing, aspect, sharpness, window
/// level, tint, compression, print, borders.
/// </summary>
internal static class PictureAugmentation
{
    private const int Side = ResidualBackbone.ViewSide;
    private const int Plane = Side * Side;

    // A blur of 2.7 px, as a picture of a fifth of the size would look, or one that a small generator made.
    private const int MostSoftened = 16;

    /// <summary>Draws one training view.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="label">What the picture shows. MR may be remapped by a curve that is not monotonic, since its contrasts differ so; everyday
    /// pictures
    /// lose their colours more often, which medical ones do not have.</param>
    /// <param name="random">The only source of randomness.</param>
    /// <param name="view">Takes 3 planes, 0 … 1.</param>
    public static void Sample(FramePicture picture, string label, Random random, Span<float> view)
    {
        DrawWindow(random).Sample(picture, Side, view);
        if (random.Chance(0.45))
        {
            Soften(view, random.Next(1, MostSoftened));
        }

        bool coloured = IsColoured(view);
        if (label == "MR" && random.Chance(0.3))
        {
            RemapTissue(view, random);
        }

        ChangeLevels(view, random);
        ChangeColour(view, coloured, label == ModalityManifest.NoModality ? 0.3 : 0.08, random);
        if (!coloured && random.Chance(0.06))
        {
            Invert(view);
        }

        if (random.Chance(0.15))
        {
            Blockify(view, random);
        }

        PictureObstruction.Apply(view, Side, random);
        AddNoise(view, random.Chance(0.5) ? random.Range(0, 0.05) : 0.004, random);
    }

    private static PictureWindow DrawWindow(Random random)
    {
        double scale = random.Chance(0.35) ? random.Range(0.9, 1.0) : random.Range(0.42, 1.0);
        double aspect = Math.Exp(random.Range(-0.3, 0.3));
        double width = Math.Min(1, scale * Math.Sqrt(aspect));
        double height = Math.Min(1, scale / Math.Sqrt(aspect));
        double angle = (random.Chance(0.5) ? random.Range(-0.25, 0.25) : 0) + (random.Chance(0.12) ? Math.PI / 2 * random.Next(1, 4) : 0);
        double centerX = (width / 2) + (random.NextDouble() * (1 - width));
        double centerY = (height / 2) + (random.NextDouble() * (1 - height));
        (double sin, double cos) = Math.SinCos(angle);
        double along = random.Chance(0.5) ? -width : width;
        double down = random.Chance(0.15) ? -height : height;
        (double ax, double ay, double dx, double dy) = (along * cos, along * sin, -down * sin, down * cos);
        return new PictureWindow(centerX - ((ax + dx) / 2), centerY - ((ay + dy) / 2), ax, ay, dx, dy);
    }

    private static bool IsColoured(Span<float> view)
    {
        double spread = 0;
        for (int i = 0; i < Plane; i++)
        {
            (float r, float g, float b) = (view[i], view[Plane + i], view[(2 * Plane) + i]);
            spread += Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b));
        }

        return spread / Plane > 0.06;
    }

    /// <summary>Blurs by a 3x3 binomial kernel several times, as a smaller source picture or a generated one would look.</summary>
    private static void Soften(Span<float> view, int times)
    {
        Span<float> line = stackalloc float[Side];
        for (int time = 0; time < times; time++)
        {
            for (int i = 0; i < 3 * Side; i++)
            {
                SoftenLine(view.Slice(i * Side, Side), line, 1);
            }

            for (int channel = 0; channel < 3; channel++)
            {
                for (int column = 0; column < Side; column++)
                {
                    SoftenLine(view[((channel * Plane) + column)..], line, Side);
                }
            }
        }

        static void SoftenLine(Span<float> values, Span<float> line, int stride)
        {
            for (int i = 0; i < Side; i++)
            {
                line[i] = values[i * stride];
            }

            for (int i = 0; i < Side; i++)
            {
                values[i * stride] = (0.5f * line[i]) + (0.25f * (line[Math.Max(0, i - 1)] + line[Math.Min(Side - 1, i + 1)]));
            }
        }
    }

    private static void RemapTissue(Span<float> view, Random random)
    {
        // Air stays dark; the tissues take new levels, as another weighting would give them.
        Span<float> knots = [0, (float)random.Range(0.1, 0.9), (float)random.Range(0.1, 1), (float)random.Range(0.1, 1), (float)random.Range(0.2, 1)];
        for (int i = 0; i < view.Length; i++)
        {
            float at = Math.Clamp(view[i], 0, 0.9999f) * (knots.Length - 1);
            int knot = (int)at;
            float t = at - knot;
            t = t * t * (3 - (2 * t));
            view[i] = knots[knot] + (t * (knots[knot + 1] - knots[knot]));
        }
    }

    private static void ChangeLevels(Span<float> view, Random random)
    {
        float low = random.Chance(0.5) ? (float)random.Range(-0.15, 0.22) : 0;
        float high = random.Chance(0.5) ? (float)random.Range(0.6, 1.5) : 1;
        float gamma = (float)Math.Exp(random.Range(-0.45, 0.45));
        Span<float> curve = stackalloc float[1025];
        for (int i = 0; i < curve.Length; i++)
        {
            curve[i] = MathF.Pow(Math.Clamp(((i / 1024f) - low) / (high - low), 0, 1), gamma);
        }

        for (int i = 0; i < view.Length; i++)
        {
            view[i] = curve[(int)(view[i] * 1024)];
        }
    }

    private static void ChangeColour(Span<float> view, bool coloured, double greyShare, Random random)
    {
        float saturation = coloured ? (random.Chance(greyShare) ? 0 : (float)random.Range(0.5, 1.4)) : 1;
        double tint = coloured ? 0.25 : random.Chance(0.2) ? 0.3 : 0;
        Span<float> gain =
            [(float)Math.Exp(random.Range(-tint, tint)), (float)Math.Exp(random.Range(-tint, tint) / 2), (float)Math.Exp(random.Range(-tint, tint))];
        for (int i = 0; i < Plane; i++)
        {
            float mean = (view[i] + view[Plane + i] + view[(2 * Plane) + i]) / 3;
            for (int channel = 0; channel < 3; channel++)
            {
                int at = (channel * Plane) + i;
                view[at] = Math.Clamp((mean + (saturation * (view[at] - mean))) * gain[channel], 0, 1);
            }
        }
    }

    private static void Invert(Span<float> view)
    {
        for (int i = 0; i < view.Length; i++)
        {
            view[i] = 1 - view[i];
        }
    }

    /// <summary>Draws 8x8 blocks towards their mean, as strong compression does.</summary>
    private static void Blockify(Span<float> view, Random random)
    {
        float strength = (float)random.Range(0.2, 0.7);
        for (int channel = 0; channel < 3; channel++)
        {
            for (int block = 0; block < (Side / 8) * (Side / 8); block++)
            {
                int start = (channel * Plane) + (block / (Side / 8) * 8 * Side) + (block % (Side / 8) * 8);
                float mean = 0;
                for (int i = 0; i < 64; i++)
                {
                    mean += view[start + ((i / 8) * Side) + (i % 8)] / 64;
                }

                for (int i = 0; i < 64; i++)
                {
                    ref float value = ref view[start + ((i / 8) * Side) + (i % 8)];
                    value += strength * (mean - value);
                }
            }
        }
    }

    private static void AddNoise(Span<float> view, double deviation, Random random)
    {
        // Sum of four uniform draws out of one random number: close to Gaussian, at a fraction of its price.
        float scale = (float)(deviation * Math.Sqrt(3) / 65536);
        bool gray = random.Chance(0.7);
        ulong state = (ulong)random.NextInt64() | 1;
        for (int i = 0; i < Plane; i++)
        {
            float noise = scale * Draw(ref state);
            for (int channel = 0; channel < 3; channel++)
            {
                int at = (channel * Plane) + i;
                view[at] = Math.Clamp(view[at] + (gray || channel == 0 ? noise : scale * Draw(ref state)), 0, 1);
            }
        }

        static float Draw(ref ulong state)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            return (float)((long)(state & 0xFFFF) + (long)((state >> 16) & 0xFFFF) + (long)((state >> 32) & 0xFFFF) + (long)(state >> 48) - 131070);
        }
    }
}
