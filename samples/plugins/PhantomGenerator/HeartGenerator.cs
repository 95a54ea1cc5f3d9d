using System.Runtime.CompilerServices;
using MedGen.Phantoms;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;

namespace PhantomGenerator;

/// <summary>Simulates a beating heart. The same request gives the same frames: everything that is drawn is drawn from the seed.</summary>
internal sealed class HeartGenerator : IVideoGenerator
{
    private static readonly GeneratorDescription Description = new()
    {
        Summary = "Simulates an echocardiogram with a given ejection fraction and heart rate.",
        UsesResidentModel = false,
        Model = "Cardiac ultrasound phantom, a simulator",

        // Nothing was trained; but false would say that its clips are noise.
        IsTrained = true,
        Defaults = new GenerationDefaults
        {
            Width = 128, Height = 128, NumFrames = 25, FramesPerSecond = 12, NumInferenceSteps = 1, GuidanceScale = 1,
        },
        OptionsSchema = ParameterSchema.Of<HeartOptions>(),
        IntendedUse = "An example for vendors: simulated hearts with a known ejection fraction. No patient, and no basis for a diagnosis.",
    };

    /// <inheritdoc />
    public GeneratorDescription Describe() => Description;

    /// <inheritdoc />
    public Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken)
    {
        Simulate(request);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PhantomClip clip = Simulate(request);
        yield return new GenerationWarning
        {
            Message = "A simulator makes this clip: its options and the seed decide what it shows; prompt, steps and guidance change nothing.",
        };
        foreach (VideoFrame frame in clip.Frames)
        {
            yield return new GeneratedFrames { Frames = [frame] };
            yield return new GenerationProgress { Stage = GenerationStage.Decoding, Completed = (int)frame.Index + 1, Total = request.NumFrames };
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // Only prepares the clip: frames are computed while they are read. The simulator refuses sizes and lengths that it does not have.
    private static PhantomClip Simulate(VideoGenerationRequest request)
    {
        Violations violations = new();
        violations.Require(request.NegativePrompt is null, "negative_prompt", $"is given", $"none, as a simulator has nothing to avoid");
        violations.Require(request.SourceFrames is null, "source_frames", $"are given", $"none, as a simulator starts from nothing");
        violations.ThrowIfAny();
        return PhantomCatalog.Get("us-cardiac").Simulate(new PhantomRequest
        {
            Seed = (int)(request.Seed ^ (request.Seed >> 32)),
            Width = request.Width,
            Height = request.Height,
            NumFrames = request.NumFrames,
            FramesPerSecond = request.FramesPerSecond,
            Parameters = request.ReadOptions<HeartOptions>().ToParameters(),
        });
    }
}
