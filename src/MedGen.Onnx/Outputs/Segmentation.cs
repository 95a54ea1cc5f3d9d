using MedGen.Onnx.Pictures;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace MedGen.Onnx.Outputs;

/// <summary>A mask for each label that a frame shows. A pixel of the frame takes the answer that lies nearest to its centre.</summary>
internal sealed class Segmentation(OutputSpec spec, string tensor) : OutputCourse
{
    private const int Rank = 4;

    /// <inheritdoc />
    public override bool FramesStand => true;

    /// <inheritdoc />
    public override IReadOnlyList<Finding> Take(NetworkAnswer answer, VideoFrame frame, FramePlacement placement)
    {
        (IReadOnlyList<long> shape, float[] values) = answer.Tensors[tensor];
        int labels = spec.Labels.Count;
        if (shape.Count != Rank || shape[0] != 1 || shape[1] != labels || shape[2] < 1 || shape[3] < 1)
        {
            throw answer.Misshapen(tensor, $"[1, {labels}, height, width], a plane for each label of '{spec.Name}'");
        }

        (int height, int width) = ((int)shape[2], (int)shape[3]);
        float[] probabilities = PerPixel(values, labels, height * width);
        int[] columns = Nearest(frame.Width, placement.InputX, width);
        int[] rows = Nearest(frame.Height, placement.InputY, height);
        MaskRuns?[] masks = new MaskRuns?[labels];
        for (int y = 0; y < rows.Length; y++)
        {
            for (int x = 0; x < columns.Length; x++)
            {
                if (columns[x] >= 0 && rows[y] >= 0)
                {
                    ReadOnlySpan<float> pixel = probabilities.AsSpan(((rows[y] * width) + columns[x]) * labels, labels);
                    Mark(masks, pixel, (y * frame.Width) + x, frame.Width * frame.Height);
                }
            }
        }

        FindingScope scope = FindingScope.Frame(frame);
        return [.. masks.Index().Where(mask => mask.Item is not null).Select(mask => new MaskFinding
        {
            Output = spec.Name,
            Scope = scope,
            Label = spec.Labels[mask.Index]!.Name,
            Score = mask.Item!.MeanProbability,
            Runs = mask.Item.Close(),
        })];
    }

    // With a sigmoid each label is by itself; otherwise the likeliest one has the pixel.
    private void Mark(MaskRuns?[] masks, ReadOnlySpan<float> pixel, int at, int pixels)
    {
        int likeliest = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(pixel);
        for (int label = 0; label < pixel.Length; label++)
        {
            bool isIn = pixel[label] >= spec.Threshold && (spec.Activation == Activation.Sigmoid || label == likeliest);
            if (isIn && spec.Labels[label] is not null)
            {
                (masks[label] ??= new MaskRuns(pixels)).Add(at, pixel[label]);
            }
        }
    }

    private float[] PerPixel(float[] planes, int labels, int pixels)
    {
        float[] result = new float[planes.Length];
        for (int i = 0; i < pixels; i++)
        {
            Span<float> pixel = result.AsSpan(i * labels, labels);
            for (int label = 0; label < labels; label++)
            {
                pixel[label] = planes[(label * pixels) + i];
            }

            Probabilities.Apply(spec.Activation!.Value, pixel);
        }

        return result;
    }

    // Index of the answer's column or row for each of the frame's; -1: cut off.
    private static int[] Nearest(int length, Func<double, double> inputShare, int answerLength)
    {
        int[] result = new int[length];
        for (int i = 0; i < length; i++)
        {
            double at = inputShare(i + 0.5) * answerLength;
            result[i] = at >= 0 && at < answerLength ? (int)at : -1;
        }

        return result;
    }
}
