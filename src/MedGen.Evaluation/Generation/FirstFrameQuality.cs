using MedGen.Sdk.Frames;
using MedGen.Model.Autoencoders;
using MedGen.Model.Pipelines;
using MedGen.Evaluation.Metrics;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Generation;

/// <summary>
/// How well clips keep the picture that they begin with, and whether they move from there. The pictures are first frames of held-out clips: of
/// simulated ones with the prompt of their kind, of real ones with the first prompt of their modality.
/// </summary>
/// <param name="Source"><c>simulated</c>, or a source in the recipe.</param>
/// <param name="Clips">Number of clips.</param>
/// <param name="Psnr">Frame 0 of the clip against the picture given, in dB: mean over clips.</param>
/// <param name="WorstPsnr">The least of them, in dB.</param>
/// <param name="Reconstruction">The picture through the autoencoder alone against itself, in dB: what a perfect model would keep.</param>
/// <param name="Motion">Motion of the clips.</param>
public sealed record FirstFrameQuality(string Source, int Clips, double Psnr, double WorstPsnr, double Reconstruction, MotionStatistics Motion)
{
    private const int ClipsPerPrompt = 4;

    private sealed record Picture(string Source, byte[] Pixels, string Prompt, int Seed);

    /// <summary>Makes a clip from each picture and measures it.</summary>
    /// <returns>A line for each source, empty when the model takes no first frame.</returns>
    internal static IReadOnlyList<FirstFrameQuality> Of(
        MedGenPipeline pipeline, WanAutoencoder autoencoder, GenerationEvaluationSpec spec, EvaluationData data, Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        if (!pipeline.Description.TakesFirstFrame)
        {
            return [];
        }

        Picture[] pictures = [.. Pictures(spec, data)];
        List<(string Source, byte[] Clip, double Psnr, double Reconstruction)> made = [];
        foreach (Picture picture in pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] clip = GeneratedClip.Make(pipeline, picture.Prompt, spec.FirstSeed + picture.Seed, data.Shape, spec.Samples, picture.Pixels);
            made.Add((picture.Source, clip, Kept(clip, picture.Pixels, data.Shape), Reconstruct(autoencoder, picture.Pixels, data.Shape)));
            progress("generating from first frames", 0.8 + (0.1 * made.Count / pictures.Length));
        }

        return
        [
            .. made.GroupBy(one => one.Source).Select(source => new FirstFrameQuality(
                source.Key, source.Count(), source.Average(one => one.Psnr), source.Min(one => one.Psnr), source.Average(one => one.Reconstruction),
                MotionStatistics.Of([.. source.Select(one => one.Clip)], data.Shape.FrameBytes))),
        ];
    }

    // Of each prompt's kind, and of each real source and modality that a prompt asks for, the first few.
    private static IEnumerable<Picture> Pictures(GenerationEvaluationSpec spec, EvaluationData data)
    {
        int frameBytes = data.Shape.FrameBytes;
        IEnumerable<Picture> simulated = data.HeldOut.Clips.Zip(data.HeldOut.Prompts).GroupBy(pair => pair.Second).SelectMany(pairs => pairs
            .Take(ClipsPerPrompt).Select((pair, i) => new Picture("simulated", pair.First[..frameBytes], spec.Prompts[pair.Second].Prompt, i)));
        IEnumerable<Picture> real = data.Real.GroupBy(clip => (clip.Source, clip.Modality)).SelectMany(clips =>
        {
            int prompt = data.Kinds.ToList().FindIndex(kind => kind.Modality == clips.Key.Modality);
            return prompt < 0
                ? []
                : clips.Take(ClipsPerPrompt).Select((clip, i) => new Picture(
                    clip.Source, clip.Pixels[..frameBytes], spec.Prompts[prompt].Prompt, i));
        });
        return simulated.Concat(real);
    }

    private static double Kept(byte[] clip, byte[] picture, ClipShape shape)
    {
        using var scope = NewDisposeScope();
        return PeakSignalToNoiseRatio.Of(Still(clip[..shape.FrameBytes], shape), Still(picture, shape));
    }

    private static double Reconstruct(WanAutoencoder autoencoder, byte[] picture, ClipShape shape) =>
        ReconstructionQuality.Of(autoencoder, picture, shape with { NumFrames = 1 }).Psnr;

    private static Tensor Still(byte[] pixels, ClipShape shape) => PixelTensors.ToVideo(pixels, 1, 1, shape.Height, shape.Width, CPU);
}
