using MedGen.Onnx.Pictures;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace MedGen.Onnx.Outputs;

/// <summary>A measurement of each frame; the clip's is the mean of its frames'.</summary>
internal sealed class Regression(OutputSpec spec, string tensor) : OutputCourse
{
    private double _sum;
    private int _frames;

    /// <inheritdoc />
    public override IReadOnlyList<Finding> Take(NetworkAnswer answer, VideoFrame frame, FramePlacement placement)
    {
        if (answer.Tensors[tensor].Values is not [var number])
        {
            throw answer.Misshapen(tensor, "one number");
        }

        double value = Math.Clamp(
            (number * spec.Factor) + spec.Offset, spec.Minimum ?? double.NegativeInfinity, spec.Maximum ?? double.PositiveInfinity);
        _sum += value;
        _frames++;
        return [Finding(value, FindingScope.Frame(frame))];
    }

    /// <inheritdoc />
    public override IReadOnlyList<Finding> Conclude() => [Finding(_sum / _frames, FindingScope.Clip)];

    private MeasurementFinding Finding(double value, FindingScope scope) => new() { Output = spec.Name, Scope = scope, Value = value };
}
