using System.Numerics;

namespace MedGen.Classifiers.Temporal;

/// <summary>A matrix and a bias on plain arrays.</summary>
internal sealed class DenseLayer(float[] weight, float[] bias)
{
    /// <summary>output = weight · input + bias; the weight is [outputs, inputs], row-major.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        for (int row = 0; row < bias.Length; row++)
        {
            output[row] = bias[row] + Dot(weight.AsSpan(row * input.Length, input.Length), input);
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int lanes = Vector<float>.Count;
        Vector<float> sums = Vector<float>.Zero;
        int at = 0;
        for (; at <= a.Length - lanes; at += lanes)
        {
            sums += new Vector<float>(a[at..]) * new Vector<float>(b[at..]);
        }

        float sum = Vector.Sum(sums);
        for (; at < a.Length; at++)
        {
            sum += a[at] * b[at];
        }

        return sum;
    }
}
