using MedGen.Onnx.Pictures;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace MedGen.Onnx.Outputs;

/// <summary>Labels of each frame; the clip's probabilities are the means of its frames'.</summary>
internal sealed class Classification(OutputSpec spec, string tensor) : OutputCourse
{
    private readonly double[] _sums = new double[spec.Labels.Count];
    private int _frames;

    /// <summary>Whether exactly one label holds.</summary>
    public static bool IsExclusive(OutputSpec spec) => spec.Exclusive ?? spec.Activation != Activation.Sigmoid;

    /// <inheritdoc />
    public override IReadOnlyList<Finding> Take(NetworkAnswer answer, VideoFrame frame, FramePlacement placement)
    {
        float[] numbers = answer.Tensors[tensor].Values;
        if (numbers.Length != _sums.Length)
        {
            throw answer.Misshapen(tensor, $"[1, {_sums.Length}], a number for each label of '{spec.Name}'");
        }

        Probabilities.Apply(spec.Activation!.Value, numbers);
        double[] probabilities = [.. numbers.Select(number => (double)number)];
        for (int i = 0; i < probabilities.Length; i++)
        {
            _sums[i] += probabilities[i];
        }

        _frames++;
        return [Finding(probabilities, FindingScope.Frame(frame))];
    }

    /// <inheritdoc />
    public override IReadOnlyList<Finding> Conclude() => [Finding([.. _sums.Select(sum => sum / _frames)], FindingScope.Clip)];

    private LabelFinding Finding(double[] probabilities, FindingScope scope)
    {
        (double highest, int likeliest) = probabilities.Select((probability, i) => (probability, i)).MaxBy(pair => pair.probability);
        IReadOnlyList<string> labels = IsExclusive(spec)
            ? [spec.AbstentionLabel is { } abstention && highest < spec.Threshold ? abstention : spec.Labels[likeliest]!.Name]
            : [.. spec.Labels.Where((_, i) => probabilities[i] >= spec.Threshold).Select(label => label!.Name)];
        return new LabelFinding { Output = spec.Name, Scope = scope, Labels = labels, Probabilities = probabilities };
    }
}
