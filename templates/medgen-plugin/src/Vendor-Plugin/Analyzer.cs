using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
#if (torch)
using MedGen.Sdk.Torch.Execution;
#endif

namespace Vendor_Plugin;

/// <summary>Measures how bright a clip is. One instance serves all calls at once, so it keeps no state of a call.</summary>
#if (torch)
internal sealed class Analyzer(IDeviceExecutor device) : IVideoAnalyzer
#else
internal sealed class Analyzer : IVideoAnalyzer
#endif
{
    private const string Output = "brightness";

    private static readonly AnalyzerDescription Description = new()
    {
        Task = "plugin-task-value",
        Summary = "Measures how bright a clip is.",
        Outputs =
        [
            new AnalyzerOutput
            {
                Name = Output,
                Description = "Mean of the pixels, 0 for black to 1 for white: of each frame, and of the clip.",
                Kind = OutputKind.Measurement,
                Unit = "1",
                Minimum = 0,
                Maximum = 1,
            },
        ],
    };

    public AnalyzerDescription Describe() => Description;

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        double sum = 0;
        int frames = 0;
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            // Whoever takes a frame out of the stream disposes it.
            using (frame)
            {
#if (torch)
                double brightness = await Brightness.OfAsync(frame, device, cancellationToken);
#else
                double brightness = Brightness(frame.Pixels.Span);
#endif
                sum += brightness;
                frames++;
                yield return new InterimFindings { Findings = [Finding(brightness, FindingScope.Frame(frame))] };
            }
        }

        yield return new FinalFindings { Findings = [Finding(frames == 0 ? 0 : sum / frames, FindingScope.Clip)] };
        yield return new AnalysisCompleted { FramesAnalyzed = frames };
    }

#if (!torch)
    internal static double Brightness(ReadOnlySpan<byte> pixels)
    {
        long sum = 0;
        foreach (byte value in pixels)
        {
            sum += value;
        }

        return sum / (255.0 * pixels.Length);
    }

#endif
    private static MeasurementFinding Finding(double brightness, FindingScope scope) => new() { Output = Output, Value = brightness, Scope = scope };
}
