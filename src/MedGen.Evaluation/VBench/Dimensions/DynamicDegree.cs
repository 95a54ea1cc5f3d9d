using MedGen.Evaluation.VBench.Networks;

namespace MedGen.Evaluation.VBench.Dimensions;

/// <summary>
/// Dynamic degree: 100 for a clip that moves, 0 for one that does not (<c>vbench/dynamic_degree.py</c>). Of about eight frames a second, a pair
/// moves when the mean of the longest 5 % of its flow exceeds 6 px at a shorter side of 256 px; the clip moves when round(n / 4) of the pairs of n
/// frames do.
/// </summary>
/// <param name="flow">Gives the flow between two frames.</param>
/// <param name="framesPerSecond">Rate of the clip.</param>
internal sealed class DynamicDegree(IOpticalFlow flow, double framesPerSecond) : IClipDimension
{
    private const double SampledPerSecond = 8;
    private const double LongestShare = 0.05;
    private const double ThresholdAt256 = 6;

    private readonly int _every = Math.Max(1, (int)Math.Round(framesPerSecond / SampledPerSecond));
    private ClipFrame? _before;
    private int _frames;
    private int _sampled;
    private int _moving;

    public void Add(ClipFrame frame)
    {
        if (_frames++ % _every != 0)
        {
            return;
        }

        if (_before is not null && Strength(flow.Lengths(_before, frame)) > ThresholdAt256 * Math.Min(frame.Width, frame.Height) / 256)
        {
            _moving++;
        }

        _before = frame;
        _sampled++;
    }

    public ClipScore? Score() => _sampled < 2 ? null : new ClipScore(_moving >= Math.Round(4 * (_sampled / 16.0)) ? 100 : 0);

    /// <summary>Mean of the longest 5 % of a flow.</summary>
    /// <param name="lengths">Length of the flow at each place, in px.</param>
    internal static double Strength(IReadOnlyCollection<float> lengths)
    {
        int longest = (int)(lengths.Count * LongestShare);
        return longest == 0 ? 0 : lengths.OrderDescending().Take(longest).Average(length => (double)length);
    }
}
