using MedGen.Application.Artifacts;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Application.Generation;

/// <summary>Stored pictures that clips begin with: looked at before a job exists, read when it runs.</summary>
internal sealed class FirstFrames(IVideoReader reader, IArtifactStore artifacts)
{
    private const string Field = "first_frame_artifact_id";
    private static readonly string Allowed =
        $"a picture of {GenerationLimits.MinFirstFrameSide} to {GenerationLimits.MaxFirstFrameSide} px a side";

    /// <summary>Makes sure that a generator takes a first frame.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="pluginId">Its plugin.</param>
    /// <param name="model">The resident model, if it generates with that.</param>
    /// <exception cref="InvalidInputException">It, or the model, takes none.</exception>
    public static void Require(GeneratorDescription generator, string pluginId, ModelDescription? model)
    {
        string? without = !generator.TakesFirstFrame ? $"the plugin '{pluginId}'"
            : model is { TakesFirstFrame: false } ? $"'{model.Name}'"
            : null;
        if (without is not null)
        {
            throw new InvalidInputException(
                "first_frame", $"is given; {without} makes clips from text and from clips alone. A model that takes a picture: Wan2.2-TI2V-5B.");
        }
    }

    /// <summary>Makes sure that a model which makes clips from pictures only gets one.</summary>
    /// <param name="model">The resident model, if it generates.</param>
    /// <param name="firstFrame">The picture that is asked for; null: none.</param>
    /// <exception cref="InvalidInputException">It gets none.</exception>
    public static void RequireWhereNeeded(ModelDescription? model, string? firstFrame)
    {
        if (model is { NeedsFirstFrame: true } && firstFrame is null)
        {
            throw new InvalidInputException(Field, $"is missing; '{model.Name}' makes clips from text and the picture that they begin with.");
        }
    }

    /// <summary>Looks at a picture without decoding it. Whether the caller may see it must be clear already.</summary>
    /// <exception cref="InvalidInputException">It is no picture, too small or too large.</exception>
    /// <exception cref="DataLossException">Its content is damaged or gone.</exception>
    public async Task CheckAsync(string artifactId, CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(artifactId, cancellationToken).ConfigureAwait(false);
        }
        catch (MediaException exception)
        {
            throw new InvalidInputException(Field, $"{exception.Message} Allowed is {Allowed}, or a clip, whose first frame is taken.");
        }
    }

    /// <summary>Reads a picture at its own size.</summary>
    /// <returns>The picture, or the clip's first frame; the caller's.</returns>
    /// <exception cref="InvalidInputException">It is too small or too large.</exception>
    /// <exception cref="DataLossException">Its content is damaged or gone.</exception>
    /// <exception cref="MediaException">It cannot be decoded.</exception>
    public async Task<VideoFrame> ReadAsync(string artifactId, CancellationToken cancellationToken)
    {
        IVideoClip clip = await OpenAsync(artifactId, cancellationToken).ConfigureAwait(false);
        return await clip.ReadFramesAsync(new FrameSampling { MaxFrames = 1 }, cancellationToken).FirstAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<IVideoClip> OpenAsync(string artifactId, CancellationToken cancellationToken)
    {
        IVideoClip clip = await reader.OpenArtifactAsync(artifacts, artifactId, cancellationToken).ConfigureAwait(false);
        (int width, int height) = (clip.Info.Width, clip.Info.Height);
        Violations violations = new();
        violations.Require(
            Math.Min(width, height) >= GenerationLimits.MinFirstFrameSide && Math.Max(width, height) <= GenerationLimits.MaxFirstFrameSide, Field,
            $"has {width}x{height} px", $"{Allowed}");
        violations.ThrowIfAny();
        return clip;
    }
}
