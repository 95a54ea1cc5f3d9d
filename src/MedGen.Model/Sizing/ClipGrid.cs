using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Transformers;

namespace MedGen.Model.Sizing;

/// <summary>
/// The sizes of clips that a model's parts can make: whole latents, and whole tokens of them. For Wan 2.1 multiples of 16 px and 4k + 1 frames.
/// </summary>
public sealed record ClipGrid
{
    private readonly WanTransformerConfig _transformer;
    private readonly WanAutoencoderConfig _autoencoder;

    /// <summary>Takes the steps from the parts.</summary>
    /// <param name="transformer">Its patch.</param>
    /// <param name="autoencoder">Its factors in space and time.</param>
    public ClipGrid(WanTransformerConfig transformer, WanAutoencoderConfig autoencoder)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(autoencoder);
        (_transformer, _autoencoder) = (transformer, autoencoder);
    }

    /// <summary>Width is a multiple of this, in px.</summary>
    public int WidthStep => _autoencoder.SpatialFactor * _transformer.PatchSize.Width;

    /// <summary>Height is a multiple of this, in px.</summary>
    public int HeightStep => _autoencoder.SpatialFactor * _transformer.PatchSize.Height;

    /// <summary>The number of frames is a multiple of this, …</summary>
    public int FrameStep => _autoencoder.TemporalFactor * _transformer.PatchSize.Frames;

    /// <summary>… and this many more: the first latent frame stands for one frame only.</summary>
    public int FrameOffset => FrameStep - _autoencoder.TemporalFactor + 1;

    /// <summary>Latent frames, rows and columns of a clip.</summary>
    /// <param name="width">Width in px.</param>
    /// <param name="height">Height in px.</param>
    /// <param name="numFrames">Number of frames.</param>
    /// <returns>The latent's shape without its channels.</returns>
    public (long Frames, long Height, long Width) Latent(int width, int height, int numFrames) =>
        (((numFrames - 1) / _autoencoder.TemporalFactor) + 1, height / _autoencoder.SpatialFactor, width / _autoencoder.SpatialFactor);

    /// <summary>Finds what does not fit.</summary>
    /// <param name="width">Width in px.</param>
    /// <param name="height">Height in px.</param>
    /// <param name="numFrames">Number of frames.</param>
    /// <param name="maxSide">Longest width and height in px.</param>
    /// <param name="maxFrames">Most frames.</param>
    /// <returns>One violation for each bad field: <c>width</c>, <c>height</c>, <c>num_frames</c>.</returns>
    public IEnumerable<FieldViolation> Violations(int width, int height, int numFrames, int maxSide, int maxFrames)
    {
        foreach ((string field, int value, int step) in new[] { ("width", width, WidthStep), ("height", height, HeightStep) })
        {
            if (value < step || value > maxSide || value % step != 0)
            {
                yield return new FieldViolation(field, $"got {value}; allowed: multiples of {step} from {step} to {maxSide}.");
            }
        }

        if (numFrames < FrameOffset || numFrames > maxFrames || numFrames % FrameStep != FrameOffset % FrameStep)
        {
            yield return new FieldViolation(
                "num_frames", $"got {numFrames}; allowed: {FrameStep}k + {FrameOffset} from {FrameOffset} to {maxFrames}.");
        }
    }
}
