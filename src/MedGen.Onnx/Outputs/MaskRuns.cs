namespace MedGen.Onnx.Outputs;

/// <summary>Collects the runs of a mask; pixels come in rising order.</summary>
/// <param name="pixels">Pixels of the frame.</param>
internal sealed class MaskRuns(int pixels)
{
    private readonly List<int> _runs = [];
    private int _end;
    private double _sum;
    private int _count;

    /// <summary>Mean probability of the pixels, rounding held within [0, 1].</summary>
    public double MeanProbability => Math.Clamp(_sum / _count, 0, 1);

    /// <summary>Adds a pixel.</summary>
    /// <param name="at">Its index in the frame, row by row.</param>
    /// <param name="probability">Its probability.</param>
    public void Add(int at, double probability)
    {
        if (_runs.Count > 0 && at == _end)
        {
            _runs[^1]++;
        }
        else
        {
            _runs.AddRange([at - _end, 1]);
        }

        _end = at + 1;
        _sum += probability;
        _count++;
    }

    /// <summary>Ends the mask.</summary>
    /// <returns>Lengths of the runs, outside first.</returns>
    public IReadOnlyList<int> Close() => _end < pixels ? [.. _runs, pixels - _end] : _runs;
}
