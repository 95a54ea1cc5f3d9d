namespace MedGen.Evaluation.VBench.Dimensions;

/// <summary>
/// Temporal flickering, in percent: (255 − mean absolute difference of neighbouring frames) / 255, 100 for a clip that stands still
/// (<c>vbench/temporal_flickering.py</c>). It needs no network.
/// </summary>
internal sealed class TemporalFlickering : IClipDimension
{
    private ClipFrame? _before;
    private double _sum;
    private int _pairs;

    public void Add(ClipFrame frame)
    {
        if (_before is not null)
        {
            _sum += frame.DifferenceTo(_before);
            _pairs++;
        }

        _before = frame;
    }

    public ClipScore? Score() => _pairs == 0 ? null : new ClipScore(100 * (255 - (_sum / _pairs)) / 255);
}
