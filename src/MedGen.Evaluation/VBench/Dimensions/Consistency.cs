using MedGen.Evaluation.VBench.Networks;

namespace MedGen.Evaluation.VBench.Dimensions;

/// <summary>
/// Subject or background consistency, in percent: the mean over the frames from the second on of
/// ½[max(0, cos(fₜ, fₜ₋₁)) + max(0, cos(fₜ, f₁))] with the features f of a network. As upstream's (<c>vbench/subject_consistency.py</c>,
/// <c>background_consistency.py</c>), the mean over clips counts each compared frame once, so a longer clip counts more.
/// </summary>
/// <param name="embedding">Gives the features.</param>
internal sealed class Consistency(IFrameEmbedding embedding) : IClipDimension
{
    private float[]? _first;
    private float[]? _before;
    private double _sum;
    private int _compared;

    public void Add(ClipFrame frame)
    {
        float[] features = embedding.Embed(frame);
        if (_first is not null && _before is not null)
        {
            _sum += (Math.Max(0, Cosine(features, _before)) + Math.Max(0, Cosine(features, _first))) / 2;
            _compared++;
        }

        _first ??= features;
        _before = features;
    }

    public ClipScore? Score() => _compared == 0 ? null : new ClipScore(100 * _sum / _compared, _compared);

    /// <summary>The cosine of two vectors; of two without length, one frame is as good as the other: 1. Of one without length: 0.</summary>
    internal static double Cosine(float[] a, float[] b)
    {
        (double product, double ofA, double ofB) = (0, Square(a), Square(b));
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            product += (double)a[i] * b[i];
        }

        return ofA > 0 && ofB > 0 ? product / Math.Sqrt(ofA * ofB) : ofA == ofB ? 1 : 0;
    }

    private static double Square(float[] vector) => vector.Sum(value => (double)value * value);
}
