using MedGen.Phantoms.Randomness;
using MedGen.Classifiers.Networks;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>
/// Random changes that another theatre would bring: zoom, roll, shift of the camera; colour, brightness and gamma of the light; noise, hidden
/// patches. No mirroring: anatomy is not symmetric.
/// </summary>
internal static class ViewAugmentation
{
    private const int Side = FrameNetwork.ViewSide;
    private const int Plane = Side * Side;

    /// <summary>Draws a changed view.</summary>
    /// <param name="source">A view's bytes.</param>
    /// <param name="random">The only source of randomness.</param>
    /// <param name="view">Takes 3 planes, 0 … 1.</param>
    public static void Sample(ReadOnlySpan<byte> source, Random random, Span<float> view)
    {
        Resample(source, random, view);
        ChangeColour(view, random);
        if (random.Chance(0.2))
        {
            Hide(view, random);
        }

        double noise = random.Range(0, 0.05);
        for (int i = 0; i < view.Length; i++)
        {
            view[i] = (float)Math.Clamp(view[i] + (noise * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2), 0, 1);
        }
    }

    /// <summary>The view itself, 0 … 1.</summary>
    public static void Copy(ReadOnlySpan<byte> source, Span<float> view)
    {
        for (int i = 0; i < view.Length; i++)
        {
            view[i] = source[i] / 255f;
        }
    }

    private static void Resample(ReadOnlySpan<byte> source, Random random, Span<float> view)
    {
        double zoom = Math.Exp(random.Range(-0.25, 0.25));
        (double sin, double cos) = Math.SinCos(random.Range(-0.3, 0.3));
        (double shiftX, double shiftY) = (random.Range(-0.08, 0.08) * Side, random.Range(-0.08, 0.08) * Side);
        const double Middle = (Side - 1) / 2.0;
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++)
            {
                (double dx, double dy) = ((column - Middle) * zoom, (row - Middle) * zoom);
                float x = (float)Math.Clamp((dx * cos) - (dy * sin) + Middle + shiftX, 0, Side - 1.001);
                float y = (float)Math.Clamp((dx * sin) + (dy * cos) + Middle + shiftY, 0, Side - 1.001);
                (int x0, int y0) = ((int)x, (int)y);
                (float fx, float fy) = (x - x0, y - y0);
                for (int channel = 0; channel < 3; channel++)
                {
                    int at = (channel * Plane) + (y0 * Side) + x0;
                    float upper = source[at] + (fx * (source[at + 1] - source[at]));
                    float lower = source[at + Side] + (fx * (source[at + Side + 1] - source[at + Side]));
                    view[(channel * Plane) + (row * Side) + column] = (upper + (fy * (lower - upper))) / 255f;
                }
            }
        }
    }

    private static void ChangeColour(Span<float> view, Random random)
    {
        float saturation = (float)random.Range(0.5, 1.5);
        float gamma = (float)Math.Exp(random.Range(-0.35, 0.35));
        double brightness = random.Range(-0.35, 0.35);
        Span<float> gain = stackalloc float[3];
        for (int channel = 0; channel < 3; channel++)
        {
            gain[channel] = (float)Math.Exp(brightness + random.Range(-0.25, 0.25));
        }

        for (int i = 0; i < Plane; i++)
        {
            float mean = (view[i] + view[Plane + i] + view[(2 * Plane) + i]) / 3;
            for (int channel = 0; channel < 3; channel++)
            {
                ref float value = ref view[(channel * Plane) + i];
                value = MathF.Pow(Math.Clamp((mean + (saturation * (value - mean))) * gain[channel], 0, 1), gamma);
            }
        }
    }

    private static void Hide(Span<float> view, Random random)
    {
        int width = random.Next(Side / 8, Side / 3);
        int height = random.Next(Side / 8, Side / 3);
        (int left, int top) = (random.Next(Side - width), random.Next(Side - height));
        float level = random.NextSingle();
        for (int channel = 0; channel < 3; channel++)
        {
            for (int y = top; y < top + height; y++)
            {
                view.Slice((channel * Plane) + (y * Side) + left, width).Fill(level);
            }
        }
    }
}
