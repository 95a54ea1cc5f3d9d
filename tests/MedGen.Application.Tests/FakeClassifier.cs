using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Tests;

/// <summary>Says whether frames are dark or bright; really reads them.</summary>
internal sealed class FakeClassifier : IVideoClassifier
{
    public ClassifierDescription Description { get; } = new() { Task = "brightness", Labels = ["dark", "bright"], AbstentionLabel = "unknown" };

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
        IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.RequireNoParameters();
        double sum = 0;
        int count = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            using (frame)
            {
                double bright = frame.Pixels.ToArray().Average(value => value / 255.0);
                sum += bright;
                count++;
                yield return new FramePrediction
                {
                    FrameIndex = frame.Index,
                    Timestamp = frame.Timestamp,
                    Label = bright > 0.5 ? "bright" : "dark",
                    Probabilities = [1 - bright, bright],
                };
            }
        }

        double mean = sum / count;
        yield return new ClipPrediction
        {
            Label = mean > 0.5 ? "bright" : "dark",
            Probability = Math.Max(mean, 1 - mean),
            Probabilities = [1 - mean, mean],
            Abstained = false,
            FrameCount = count,
        };
    }
}
