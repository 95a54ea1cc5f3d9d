using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Testing.Clips;

namespace MedGen.Sdk.Testing.Fakes;

/// <summary>
/// Stands in for the resident model: makes a test picture of the size that is asked for, the same for the same prompt and seed, and knows no adapter.
/// A clip begins with the picture that it is given, unless <see cref="Description"/> says that the model takes none.
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
        TakesFirstFrame = true,
        Defaults = new GenerationDefaults { Width = 64, Height = 64, NumFrames = 5, NumInferenceSteps = 2 },
    };

    /// <inheritdoc />
    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Violations violations = new();
        request.Check(violations);
        violations.Require(
            request.FirstFrame is null || Description.TakesFirstFrame, "first_frame", $"is given", $"none, as '{Description.Name}' takes none");
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
            if (frame.Index == 0 && request.FirstFrame is { } picture)
            {
                Fit(picture, request.FirstFrameFit, frame);
            }

            yield return new GeneratedFrames { Frames = [frame] };
        }
    }

    // The nearest pixel of each; black where there is none.
    private static void Fit(VideoFrame picture, FirstFrameFit fit, VideoFrame frame)
    {
        (double across, double down) = ((double)frame.Width / picture.Width, (double)frame.Height / picture.Height);
        double scale = fit == FirstFrameFit.Crop ? Math.Max(across, down) : Math.Min(across, down);
        Span<byte> pixels = frame.WritablePixels.Span;
        for (int i = 0; i < frame.Width * frame.Height; i++)
        {
            int x = At(i % frame.Width, frame.Width, picture.Width);
            int y = At(i / frame.Width, frame.Height, picture.Height);
            Span<byte> pixel = pixels.Slice(i * 3, 3);
            pixel.Clear();
            if (x >= 0 && x < picture.Width && y >= 0 && y < picture.Height)
            {
                picture.Pixels.Span.Slice(((y * picture.Width) + x) * 3, 3).CopyTo(pixel);
            }
        }

        int At(int position, int side, int sideOfPicture) => (int)Math.Floor(((position + 0.5 - (side / 2.0)) / scale) + (sideOfPicture / 2.0));
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
