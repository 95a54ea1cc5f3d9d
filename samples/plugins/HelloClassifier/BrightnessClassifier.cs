using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;

namespace HelloClassifier;

/// <summary>Calls a clip bright when the mean of its pixels is at least half of white. One instance serves all calls, so it keeps no state.</summary>
internal sealed class BrightnessClassifier : IVideoClassifier
{
    /// <inheritdoc />
    public ClassifierDescription Description { get; } = new() { Task = "brightness", Labels = ["dark", "bright"] };

    /// <inheritdoc />
    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
        IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.RequireNoParameters();
        double sum = 0;
        int frames = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(new FrameSampling { FramesPerSecond = 1 }, cancellationToken))
        {
            // Whoever takes a frame out of the stream disposes it.
            using (frame)
            {
                double brightness = Brightness(frame);
                sum += brightness;
                frames++;
                yield return new FramePrediction
                {
                    FrameIndex = frame.Index,
                    Timestamp = frame.Timestamp,
                    Label = LabelOf(brightness),
                    Probabilities = [1 - brightness, brightness],
                };
            }
        }

        double mean = frames == 0 ? 0 : sum / frames;
        yield return new ClipPrediction
        {
            Label = LabelOf(mean),
            Probability = Math.Max(mean, 1 - mean),
            Probabilities = [1 - mean, mean],
            Abstained = false,
            FrameCount = frames,
        };
    }

    /// <summary>Mean of all pixels, 0 for black to 1 for white.</summary>
    internal static double Brightness(VideoFrame frame)
    {
        long total = 0;
        foreach (byte value in frame.Pixels.Span)
        {
            total += value;
        }

        return total / (255.0 * frame.Pixels.Length);
    }

    private static string LabelOf(double brightness) => brightness >= 0.5 ? "bright" : "dark";
}
