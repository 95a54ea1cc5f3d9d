using MedGen.Sdk.Frames;
using MedGen.Evaluation.Metrics;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Generation;

/// <summary>Whether generated clips repeat training clips: distance to the nearest training clip, in two spaces.</summary>
/// <param name="Space">What is compared.</param>
/// <param name="Generated">Median distance of generated clips to their nearest training clip.</param>
/// <param name="HeldOut">The same for held-out clips, which cannot be copies.</param>
/// <param name="CloserShare">Share of the generated clips that are nearer to a training clip than the nearest twentieth of the held-out clips; 0.05
/// is expected of clips that are no copies.</param>
public sealed record MemorisationQuality(string Space, double Generated, double HeldOut, double CloserShare)
{
    private const int ThumbnailSide = 16;

    /// <summary>Compares points of one space.</summary>
    /// <returns>The line for this space.</returns>
    internal static MemorisationQuality Of(string space, Tensor generated, Tensor heldOut, Tensor training)
    {
        double[] ofGenerated = Neighbourhoods.Nearest(generated, training);
        double[] ofHeldOut = [.. Neighbourhoods.Nearest(heldOut, training).Order()];
        double near = ofHeldOut[ofHeldOut.Length / 20];
        return new MemorisationQuality(space, Median(ofGenerated), Median(ofHeldOut), ofGenerated.Average(distance => distance < near ? 1.0 : 0.0));

        static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
    }

    /// <summary>Compares small grey pictures of all frames.</summary>
    /// <returns>The line for pixels.</returns>
    internal static MemorisationQuality OfThumbnails(
        IReadOnlyList<byte[]> generated, IReadOnlyList<byte[]> heldOut, IReadOnlyList<byte[]> training, ClipShape shape) =>
        Of(
            $"pixels ({ThumbnailSide} × {ThumbnailSide}, grey, all frames)", Thumbnails(generated, shape), Thumbnails(heldOut, shape),
            Thumbnails(training, shape));

    private static Tensor Thumbnails(IReadOnlyList<byte[]> clips, ClipShape shape)
    {
        List<Tensor> rows = [];
        foreach (byte[] clip in clips)
        {
            using var inner = NewDisposeScope();
            Tensor video = PixelTensors.ToVideo(clip, 1, shape.NumFrames, shape.Height, shape.Width, CPU).squeeze(0)
                .mean([0], keepdim: true); // [1, T, H, W]
            rows.Add(
                nn.functional.adaptive_avg_pool2d(video.squeeze(0), [ThumbnailSide, ThumbnailSide]).flatten().to_type(ScalarType.Float64)
                    .MoveToOuterDisposeScope());
        }

        return stack(rows);
    }
}
