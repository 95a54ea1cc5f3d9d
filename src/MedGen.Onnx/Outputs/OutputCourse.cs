using MedGen.Onnx.Pictures;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace MedGen.Onnx.Outputs;

/// <summary>One output in the course of one analysis: findings of each frame, and one of the clip at its end.</summary>
internal abstract class OutputCourse
{
    /// <summary>Whether the findings of a frame are a result; otherwise they only show the way to the clip's.</summary>
    public virtual bool FramesStand => false;

    /// <summary>Begins an analysis.</summary>
    /// <param name="spec">What the output means.</param>
    /// <param name="tensors">Names of its tensors.</param>
    public static OutputCourse Begin(OutputSpec spec, IReadOnlyList<string> tensors) => spec.Meaning switch
    {
        OutputMeaning.Classification => new Classification(spec, tensors[0]),
        OutputMeaning.Regression => new Regression(spec, tensors[0]),
        OutputMeaning.Segmentation => new Segmentation(spec, tensors[0]),
        _ => new Detection(spec, tensors[0], tensors[1], tensors[2]),
    };

    /// <summary>What an output says of itself.</summary>
    /// <param name="spec">What the output means.</param>
    public static AnalyzerOutput Describe(OutputSpec spec) => new()
    {
        Name = spec.Name,
        Description = spec.Description,
        Kind = spec.Meaning switch
        {
            OutputMeaning.Classification => OutputKind.Labels,
            OutputMeaning.Regression => OutputKind.Measurement,
            OutputMeaning.Segmentation => OutputKind.Masks,
            _ => OutputKind.Boxes,
        },
        Labels = [.. spec.Labels.OfType<OutputLabel>()],
        Exclusive = spec.Meaning == OutputMeaning.Classification && Classification.IsExclusive(spec),
        AbstentionLabel = spec.AbstentionLabel,
        Unit = spec.Unit,
        Minimum = spec.Minimum,
        Maximum = spec.Maximum,
        Code = spec.Code,
    };

    /// <summary>Takes the network's answer to a frame.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="placement">Where it lay in the network's input.</param>
    /// <returns>What was found in the frame.</returns>
    public abstract IReadOnlyList<Finding> Take(NetworkAnswer answer, VideoFrame frame, FramePlacement placement);

    /// <summary>What holds for the clip.</summary>
    /// <returns>Its findings; none where frames stand for themselves.</returns>
    public virtual IReadOnlyList<Finding> Conclude() => [];
}
