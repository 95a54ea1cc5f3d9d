using System.Security.Cryptography;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Augmentation;

/// <summary>A clip as the augmenter gave it, not judged yet.</summary>
/// <param name="Plan">What was asked for.</param>
/// <param name="Pixels">R, G, B bytes, frame by frame.</param>
/// <param name="Description">How it was made.</param>
/// <param name="Descriptor">Its vector for correlations.</param>
/// <param name="Quality">Its technical quality.</param>
/// <param name="Sha256">Hash of the pixels.</param>
internal sealed record MadeClip(
    PlannedClip Plan, byte[] Pixels, AugmentedClipDescription Description, float[] Descriptor, ClipQuality Quality, string Sha256)
{
    /// <summary>Has one clip made and measures it.</summary>
    /// <exception cref="FailedPreconditionException">The augmenter did not give what was asked for.</exception>
    public static async Task<MadeClip> MakeAsync(
        IDatasetAugmenter augmenter, AugmentationSpec spec, PlannedClip plan, string? adapter, ClipShape shape, CancellationToken cancellationToken)
    {
        AugmentationRequest request = new()
        {
            Method = spec.Methods[plan.Method].ToMethod(),
            Label = plan.Class.Name,
            Source = GeneratorInput.Of(plan.Source),
            Partner = plan.Partner is { } partner ? GeneratorInput.Of(partner) : null,
            Adapter = adapter,
            Seed = plan.Seed,
            Shape = shape,
        };
        ClipBuffer buffer = new(shape);
        AugmentedClipDescription? description = null;
        await foreach (AugmentationUpdate update in augmenter.AugmentAsync(request, cancellationToken).ConfigureAwait(false))
        {
            description = update as AugmentedClipDescription ?? description;
            foreach (VideoFrame frame in (update as AugmentedFrames)?.Frames ?? [])
            {
                using (frame)
                {
                    Complete(() => buffer.Add(frame));
                }
            }
        }

        byte[] pixels = [];
        Complete(() => pixels = buffer.ToArray());
        return description is null
            ? throw Incomplete("description: got none; allowed: one.")
            : new MadeClip(
                plan, pixels, description, ClipDescriptor.Of(pixels, shape), ClipQuality.Of(pixels, shape), Convert.ToHexStringLower(
                    SHA256.HashData(pixels)));
    }

    // What the augmenter gives is no input of the caller's.
    private static void Complete(Action step)
    {
        try
        {
            step();
        }
        catch (InvalidInputException exception)
        {
            throw Incomplete(exception.Message);
        }
    }

    private static FailedPreconditionException Incomplete(string what) =>
        new("PLUGIN_INCOMPLETE", $"The augmenter did not give what was asked for. {what}");

    /// <summary>One frame, over these pixels.</summary>
    public VideoFrame Frame(int index, ClipShape shape) =>
        VideoFrame.Wrap(
            Pixels[(index * shape.FrameBytes)..((index + 1) * shape.FrameBytes)], shape.Width, shape.Height, index, TimeSpan.FromSeconds(
                index / shape.FramesPerSecond));
}
