using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Testing.Clips;

namespace MedGen.Sdk.Testing.Fakes;

/// <summary>
/// Stands in for the resident model: makes a test picture of the size that is asked for, the same for the same prompt and seed, and knows no adapter.
/// </summary>
public sealed class TestModel : IMedGenModel
{
    private const int Block = 8; // px

    /// <inheritdoc />
    public ModelDescription Description { get; init; } = new()
    {
        Name = "test-model",
        Variant = "custom",
        Hash = new string('0', 64),
        Device = "cpu",
        DataType = "float32",
        Parameters = 1,
        MaxTextTokens = 512,
        IsTrained = false,
        Defaults = new GenerationDefaults { Width = 64, Height = 64, NumFrames = 5, NumInferenceSteps = 2 },
    };

    /// <inheritdoc />
    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Violations violations = new();
        request.Check(violations);
        violations.ThrowIfAny();
        for (int step = 1; step <= request.NumInferenceSteps; step++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new GenerationProgress { Stage = GenerationStage.Denoising, Completed = step, Total = request.NumInferenceSteps };
        }

        TestClip clip = new()
        {
            Width = request.Width,
            Height = request.Height,
            NumFrames = request.NumFrames,
            FramesPerSecond = request.FramesPerSecond,
            Seed = request.Prompt.Aggregate((int)(request.Seed % 100_003), (hash, letter) => ((hash * 31) + letter) % 100_003),
        };
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
        {
            yield return new GeneratedFrames { Frames = [frame] };
        }
    }

    /// <summary>Mean brightness of blocks of 8 × 8 px, whatever the layer: [1, T, H / 8, W / 8], 0 to 1.</summary>
    /// <inheritdoc />
    public Task<ModelFeatures> ExtractFeaturesAsync(
        IReadOnlyList<VideoFrame> frames, string layer, double timestep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames is not [var first, ..] || first.Width % Block != 0 || first.Height % Block != 0)
        {
            throw new InvalidInputException("frames", $"has {frames.Count}; allowed: at least one, with sides that are multiples of {Block} px.");
        }

        (int rows, int columns) = (first.Height / Block, first.Width / Block);
        float[] values = new float[frames.Count * rows * columns];
        foreach ((int t, VideoFrame frame) in frames.Index())
        {
            ReadOnlySpan<byte> pixels = frame.Pixels.Span;
            for (int i = 0; i < pixels.Length; i++)
            {
                (int y, int x) = (i / 3 / first.Width / Block, i / 3 % first.Width / Block);
                values[(((t * rows) + y) * columns) + x] += pixels[i] / (255f * 3 * Block * Block);
            }
        }

        return Task.FromResult(new ModelFeatures { Layer = layer, Shape = [1, frames.Count, rows, columns], Values = values });
    }
}
