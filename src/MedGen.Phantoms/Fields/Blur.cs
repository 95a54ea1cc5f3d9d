using System.Numerics;
using System.Runtime.InteropServices;

namespace MedGen.Phantoms.Fields;

/// <summary>Separable smoothing of planes, in place.</summary>
internal static class Blur
{
    /// <summary>Convolves with a Gaussian; the border's values continue beyond it.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="sigmaX">Standard deviation along a row in grid steps; 0 leaves that direction alone.</param>
    /// <param name="sigmaY">Standard deviation along a column in grid steps; 0 leaves that direction alone.</param>
    public static void Gaussian(Plane plane, double sigmaX, double sigmaY) => Convolve(plane, Kernel(sigmaX), Kernel(sigmaY));

    /// <inheritdoc cref="Gaussian(Plane, double, double)"/>
    public static void Gaussian(Plane plane, double sigma) => Gaussian(plane, sigma, sigma);

    /// <summary>A Gaussian of sum 1, cut at three standard deviations.</summary>
    /// <param name="sigma">Standard deviation in grid steps; 0 gives the identity.</param>
    /// <returns>An odd number of weights.</returns>
    public static float[] Kernel(double sigma)
    {
        int radius = (int)Math.Ceiling(3 * sigma);
        float[] kernel = new float[(2 * radius) + 1];
        float sum = 0;
        for (int i = -radius; i <= radius; i++)
        {
            sum += kernel[i + radius] = i == 0 ? 1 : (float)Math.Exp(-i * i / (2 * sigma * sigma));
        }

        for (int i = 0; i < kernel.Length; i++)
        {
            kernel[i] /= sum;
        }

        return kernel;
    }

    /// <summary>Correlates rows with one kernel and columns with another; the border's values continue beyond it.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="kernelX">An odd number of weights along a row.</param>
    /// <param name="kernelY">An odd number of weights along a column.</param>
    public static void Convolve(Plane plane, float[] kernelX, float[] kernelY)
    {
        if (kernelX.Length > 1)
        {
            float[] padded = new float[plane.Width + kernelX.Length - 1];
            int radius = kernelX.Length / 2;
            for (int y = 0; y < plane.Height; y++)
            {
                Span<float> row = plane.Row(y);
                padded.AsSpan(0, radius).Fill(row[0]);
                row.CopyTo(padded.AsSpan(radius));
                padded.AsSpan(radius + row.Length).Fill(row[^1]);
                row.Clear();
                for (int tap = 0; tap < kernelX.Length; tap++)
                {
                    AddScaled(row, padded.AsSpan(tap, row.Length), kernelX[tap]);
                }
            }
        }

        if (kernelY.Length > 1)
        {
            float[] source = [.. plane.Values];
            int radius = kernelY.Length / 2;
            Array.Clear(plane.Values);
            for (int y = 0; y < plane.Height; y++)
            {
                Span<float> row = plane.Row(y);
                for (int tap = 0; tap < kernelY.Length; tap++)
                {
                    int from = Math.Clamp(y + tap - radius, 0, plane.Height - 1);
                    AddScaled(row, source.AsSpan(from * plane.Width, plane.Width), kernelY[tap]);
                }
            }
        }
    }

    private static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float weight)
    {
        Span<Vector<float>> wideTarget = MemoryMarshal.Cast<float, Vector<float>>(target);
        ReadOnlySpan<Vector<float>> wideSource = MemoryMarshal.Cast<float, Vector<float>>(source[..target.Length]);
        for (int i = 0; i < wideTarget.Length; i++)
        {
            wideTarget[i] += wideSource[i] * weight;
        }

        for (int i = wideTarget.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += source[i] * weight;
        }
    }
}
