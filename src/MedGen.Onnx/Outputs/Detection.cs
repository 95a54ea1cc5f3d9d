using MedGen.Onnx.Pictures;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Onnx.Outputs;

/// <summary>Boxes of each frame, in px of the frame; what lies outside of it is cut off.</summary>
internal sealed class Detection(OutputSpec spec, string boxes, string scores, string labels) : OutputCourse
{
    /// <inheritdoc />
    public override bool FramesStand => true;

    /// <inheritdoc />
    public override IReadOnlyList<Finding> Take(NetworkAnswer answer, VideoFrame frame, FramePlacement placement)
    {
        float[] corners = answer.Tensors[boxes].Values;
        (float[] score, float[] label) = (answer.Tensors[scores].Values, answer.Tensors[labels].Values);
        if (score.Length != label.Length)
        {
            throw answer.Misshapen(scores, $"a score for each of {label.Length} label numbers");
        }

        if (corners.Length != 4 * score.Length)
        {
            throw answer.Misshapen(boxes, $"[{score.Length}, 4], a box for each score");
        }

        List<Finding> found = [];
        FindingScope scope = FindingScope.Frame(frame);
        for (int i = 0; i < score.Length; i++)
        {
            if (score[i] < spec.Threshold || LabelOf(answer, label[i]) is not { } name)
            {
                continue;
            }

            (double left, double right) = Within(placement.FrameX(corners[4 * i]), placement.FrameX(corners[(4 * i) + 2]), frame.Width);
            (double top, double bottom) = Within(placement.FrameY(corners[(4 * i) + 1]), placement.FrameY(corners[(4 * i) + 3]), frame.Height);
            if (right > left && bottom > top)
            {
                found.Add(new BoxFinding
                {
                    Output = spec.Name, Scope = scope, Label = name, Score = score[i], X = left, Y = top, Width = right - left, Height = bottom - top,
                });
            }
        }

        return found;
    }

    private static (double Low, double High) Within(double low, double high, int length) =>
        (Math.Clamp(low, 0, length), Math.Clamp(high, 0, length));

    private string? LabelOf(NetworkAnswer answer, float number) => number >= 0 && number < spec.Labels.Count
        ? spec.Labels[(int)number]?.Name
        : throw new ModelFormatException(
            answer.File, $"{answer.File}: the output '{labels}' holds {number}; allowed: 0 to {spec.Labels.Count - 1}, the labels of '{spec.Name}'.");
}
