using MedGen.Evaluation.VBench.Networks;

namespace MedGen.Evaluation.VBench.Dimensions;

/// <summary>
/// Motion smoothness, in percent: every second frame is taken away and interpolated from its two neighbours; the score is
/// (255 − mean absolute difference to the frames that were taken away) / 255 (<c>vbench/motion_smoothness.py</c>).
/// </summary>
/// <param name="interpolation">Gives the frame between two.</param>
internal sealed class MotionSmoothness(IFrameInterpolation interpolation) : IClipDimension
{
    private ClipFrame? _even;
    private ClipFrame? _odd;
    private double _sum;
    private int _interpolated;
    private int _frames;

    public void Add(ClipFrame frame)
    {
        if (_frames++ % 2 == 1)
        {
            _odd = frame;
            return;
        }

        if (_even is not null && _odd is not null)
        {
            _sum += interpolation.Between(_even, frame).DifferenceTo(_odd);
            _interpolated++;
        }

        _even = frame;
    }

    public ClipScore? Score() => _interpolated == 0 ? null : new ClipScore(100 * (255 - (_sum / _interpolated)) / 255);
}
