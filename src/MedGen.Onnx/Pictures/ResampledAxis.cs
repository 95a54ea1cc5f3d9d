namespace MedGen.Onnx.Pictures;

/// <summary>
/// Weights of one axis of a resize by the triangle filter, widened where the picture shrinks: what PIL calls BILINEAR and torchvision
/// <c>antialias=True</c>.
/// </summary>
internal sealed class ResampledAxis
{
    private readonly (int First, float[] Weights)[] _taps;

    /// <summary>Computes the weights.</summary>
    /// <param name="source">Length in px before, at least 1.</param>
    /// <param name="target">Length in px after, at least 1.</param>
    public ResampledAxis(int source, int target)
    {
        double step = (double)source / target;
        double reach = Math.Max(step, 1);
        _taps = new (int, float[])[target];
        for (int i = 0; i < target; i++)
        {
            double centre = (i + 0.5) * step;
            int first = Math.Max((int)(centre - reach + 0.5), 0);
            int end = Math.Min((int)(centre + reach + 0.5), source);
            double[] weights = [.. Enumerable.Range(first, end - first).Select(at => Math.Max(1 - (Math.Abs(at + 0.5 - centre) / reach), 0))];
            double sum = weights.Sum();
            _taps[i] = (first, [.. weights.Select(weight => (float)(weight / sum))]);
        }
    }

    /// <summary>Length after the resize.</summary>
    public int Length => _taps.Length;

    /// <summary>Resizes one row of values.</summary>
    /// <param name="values">Where the row's values are.</param>
    /// <param name="start">Index of its first value.</param>
    /// <param name="stride">Distance from value to value.</param>
    /// <param name="result">Takes <see cref="Length"/> values.</param>
    public void Apply(ReadOnlySpan<float> values, int start, int stride, Span<float> result)
    {
        for (int i = 0; i < _taps.Length; i++)
        {
            (int first, float[] weights) = _taps[i];
            float sum = 0;
            for (int j = 0; j < weights.Length; j++)
            {
                sum += weights[j] * values[start + ((first + j) * stride)];
            }

            result[i] = sum;
        }
    }
}
