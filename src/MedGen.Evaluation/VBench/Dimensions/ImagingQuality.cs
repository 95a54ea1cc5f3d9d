using MedGen.Evaluation.VBench.Networks;

namespace MedGen.Evaluation.VBench.Dimensions;

/// <summary>Imaging quality: the mean over the frames of a network's score of each (<c>vbench/imaging_quality.py</c>).</summary>
/// <param name="quality">Scores a frame.</param>
internal sealed class ImagingQuality(IFrameQuality quality) : IClipDimension
{
    private double _sum;
    private int _frames;

    public void Add(ClipFrame frame)
    {
        _sum += quality.Score(frame);
        _frames++;
    }

    public ClipScore? Score() => _frames == 0 ? null : new ClipScore(_sum / _frames);
}
