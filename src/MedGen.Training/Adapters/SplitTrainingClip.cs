using MedGen.Sdk.Frames;
using MedGen.Datasets.Adapters;
using MedGen.Training.Clips;

namespace MedGen.Training.Adapters;

/// <summary>A clip of a training split, already at its shape.</summary>
internal sealed record SplitTrainingClip(CaptionedClip Input) : TrainingClip
{
    public override Task<string> ReadKeyAsync(CancellationToken cancellationToken) => Task.FromResult($"pixels {Input.Sha256}");

    public override async Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken) =>
        await ClipBuffer.ReadAsync(Input.Clip.Clip, shape, cancellationToken).ConfigureAwait(false);
}
