using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Tests;

/// <summary>Says whether frames are dark or bright; really reads them. A test may let it say something else.</summary>
internal sealed class FakeAnalyzer : IVideoAnalyzer
{
    public AnalyzerDescription Description { get; set; } = new()
    {
        Task = "brightness",
        Summary = "Says whether a clip is dark or bright.",
        Outputs =
        [
            new AnalyzerOutput
            {
                Name = "brightness",
                Description = "Dark or bright.",
                Kind = OutputKind.Labels,
                Labels = OutputLabel.Of("dark", "bright"),
                Exclusive = true,
                AbstentionLabel = "unknown",
            },
        ],
    };

    /// <summary>What it says instead; null: the brightness.</summary>
    public Func<AnalysisRequest, CancellationToken, IAsyncEnumerable<AnalysisUpdate>>? Says { get; set; }

    /// <summary>What it says of a request before a job is made.</summary>
    public Func<AnalysisRequest, Task> Validates { get; set; } = _ => Task.CompletedTask;

    public AnalyzerDescription Describe() => Description;

    public Task ValidateAsync(AnalysisRequest request, CancellationToken cancellationToken) => Validates(request);

    public IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, CancellationToken cancellationToken) =>
        Says is { } says ? says(request, cancellationToken) : LookAsync(request.Clip, cancellationToken);

    public static LabelFinding Finding(double bright, FindingScope scope) => new()
    {
        Output = "brightness",
        Scope = scope,
        Labels = [bright > 0.5 ? "bright" : "dark"],
        Probabilities = [1 - bright, bright],
    };

    private static async IAsyncEnumerable<AnalysisUpdate> LookAsync(IVideoClip clip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        double sum = 0;
        int count = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            using (frame)
            {
                double bright = frame.Pixels.ToArray().Average(value => value / 255.0);
                sum += bright;
                count++;
                yield return new InterimFindings { Findings = [Finding(bright, FindingScope.Frame(frame))] };
            }
        }

        yield return new FinalFindings { Findings = [Finding(sum / count, FindingScope.Clip)] };
        yield return new AnalysisCompleted { FramesAnalyzed = count };
    }
}
