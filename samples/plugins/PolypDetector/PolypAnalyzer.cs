using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;

namespace PolypDetector;

/// <summary>Finds polyps in each frame and follows them. What it says of a frame depends on that frame and those before it, live or stored.</summary>
internal sealed class PolypAnalyzer : IVideoAnalyzer
{
    private const string Output = "polyps";
    private const string Label = "polyp";

    private static readonly AnalyzerDescription Description = new()
    {
        Task = "polyps",
        Summary = "Marks what looks like a polyp, and follows it from frame to frame.",
        Inputs = [new AnalyzerInput { Description = "A colonoscopy in white light.", LeastSide = 32 }],
        Outputs =
        [
            new AnalyzerOutput
            {
                Name = Output,
                Description = "Where a polyp may be; the track says that it is the one of the frame before.",
                Kind = OutputKind.Boxes,
                Labels =
                [
                    new OutputLabel { Name = Label, Code = new CodedTerm { Scheme = "SCT", Code = "68496003", Meaning = "Polyp of colon" } },
                ],
            },
        ],
        ParametersSchema = ParameterSchema.Of<PolypParameters>(),
        IntendedUse = "An example for vendors, fitted to simulated colonoscopies. No medical device; not for patients.",
        Evaluation = "240 simulated colonoscopies that it was not fitted to: recall 0.56, precision 0.73, mean overlap 0.70, by frames.",
    };

    /// <inheritdoc />
    public AnalyzerDescription Describe() => Description;

    /// <inheritdoc />
    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        double least = request.ReadParameters<PolypParameters>().LeastScore;
        BoxTracker tracker = new();
        int frames = 0;
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            using (frame)
            {
                frames++;
                IReadOnlyList<Region> regions = RegionFinder.Find(new ColourMap(frame), cancellationToken);

                // What is half as likely may still be the polyp of the frame before.
                IReadOnlyList<(long Track, Region Region)> things = tracker.Next([.. regions.Where(region => region.Score >= least / 2)]);
                yield return new FinalFindings
                {
                    Findings = [.. things.Where(thing => thing.Region.Score >= least).Select(thing => Finding(thing, FindingScope.Frame(frame)))],
                };
            }
        }

        yield return new AnalysisCompleted { FramesAnalyzed = frames };
    }

    private static BoxFinding Finding((long Track, Region Region) thing, FindingScope scope) => new()
    {
        Output = Output, Scope = scope, Label = Label, Score = thing.Region.Score, Track = thing.Track,
        X = thing.Region.X, Y = thing.Region.Y, Width = thing.Region.Width, Height = thing.Region.Height,
    };
}
