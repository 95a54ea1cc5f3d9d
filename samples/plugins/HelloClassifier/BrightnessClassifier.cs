using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace HelloClassifier;

/// <summary>Calls a clip bright when the mean of its pixels is at least half of white. One instance serves all calls, so it keeps no state.</summary>
internal sealed class BrightnessClassifier : IVideoAnalyzer
{
    private const string Output = "brightness";

    private static readonly AnalyzerDescription Description = new()
    {
        Task = "brightness",
        Summary = "Says whether a clip is bright or dark.",
        Outputs =
        [
            new AnalyzerOutput
            {
                Name = Output,
                Description = "Bright or dark: each frame, and the clip.",
                Kind = OutputKind.Labels,
                Labels = OutputLabel.Of("dark", "bright"),
                Exclusive = true,
            },
        ],
    };

    /// <inheritdoc />
    public AnalyzerDescription Describe() => Description;

    /// <inheritdoc />
    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        double sum = 0;
        int frames = 0;
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(new FrameSampling { FramesPerSecond = 1 }, cancellationToken))
        {
            // Whoever takes a frame out of the stream disposes it.
            using (frame)
            {
                double brightness = Brightness(frame);
                sum += brightness;
                frames++;
                yield return new InterimFindings { Findings = [Finding(brightness, FindingScope.Frame(frame))] };
            }
        }

        yield return new FinalFindings { Findings = [Finding(frames == 0 ? 0 : sum / frames, FindingScope.Clip)] };
        yield return new AnalysisCompleted { FramesAnalyzed = frames };
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

    private static LabelFinding Finding(double brightness, FindingScope scope) => new()
    {
        Output = Output,
        Scope = scope,
        Labels = [brightness >= 0.5 ? "bright" : "dark"],
        Probabilities = [1 - brightness, brightness],
    };
}
