using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace InstrumentSegmenter;

/// <summary>Finds instruments in each frame of a second, as masks over the clip's pixels.</summary>
/// <param name="settings">What the operator has set.</param>
internal sealed class InstrumentAnalyzer(InstrumentSettings settings) : IVideoAnalyzer
{
    private const string Output = "instruments";
    private const string Label = "instrument";

    private static readonly AnalyzerDescription Description = new()
    {
        Task = "instruments",
        Summary = "Marks metal instruments.",
        Outputs =
        [
            new AnalyzerOutput
            {
                Name = Output,
                Description = "The pixels of each instrument that is seen.",
                Kind = OutputKind.Masks,
                Labels = OutputLabel.Of(Label),
            },
        ],
        IntendedUse = "An example for vendors. By colour alone: whatever is grey is taken for steel.",
    };

    /// <inheritdoc />
    public AnalyzerDescription Describe() => Description;

    /// <inheritdoc />
    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int frames = 0;
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(new FrameSampling { FramesPerSecond = 1 }, cancellationToken))
        {
            using (frame)
            {
                frames++;
                IReadOnlyList<MetalRegion> regions = MetalRegion.Find(frame, (int)Math.Ceiling(settings.LeastShare * frame.Width * frame.Height));
                yield return new FinalFindings { Findings = [.. regions.Select(region => Finding(region, FindingScope.Frame(frame)))] };
            }
        }

        yield return new AnalysisCompleted { FramesAnalyzed = frames };
    }

    private static MaskFinding Finding(MetalRegion region, FindingScope scope) =>
        new() { Output = Output, Scope = scope, Label = Label, Score = region.Greyness, Runs = region.Runs };
}
