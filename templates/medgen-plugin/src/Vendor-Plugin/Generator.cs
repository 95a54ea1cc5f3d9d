using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace Vendor_Plugin;

/// <summary>Makes noise; the same request gives the same frames.</summary>
internal sealed class Generator : IVideoGenerator
{
    private static readonly GeneratorDescription Description = new()
    {
        Summary = "Makes noise.",
        UsesResidentModel = false,
        Model = "noise",
    };

    public GeneratorDescription Describe() => Description;

    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < request.NumFrames; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            VideoFrame frame = VideoFrame.Rent(request.Width, request.Height, i, TimeSpan.FromSeconds(i / request.FramesPerSecond));
            new Random(SeedOf(request.Seed, i)).NextBytes(frame.WritablePixels.Span);
            yield return new GeneratedFrames { Frames = [frame] };
            yield return new GenerationProgress { Stage = GenerationStage.Decoding, Completed = i + 1, Total = request.NumFrames };
        }
    }

    // Of the numbers alone, so that it is the same in every process.
    private static int SeedOf(long seed, int frame) => unchecked((int)(seed ^ (seed >> 32)) + (frame * 7919));
}
