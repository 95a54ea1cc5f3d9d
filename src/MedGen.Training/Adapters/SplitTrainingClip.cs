using MedGen.Abstractions.Frames;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Clips;
using MedGen.Training.Clips;

namespace MedGen.Training.Adapters;

/// <summary>A clip of a training split, already at its shape.</summary>
internal sealed record SplitTrainingClip(CaptionedClip Input) : TrainingClip
{
    public override Task<string> ReadKeyAsync(CancellationToken cancellationToken) => Task.FromResult($"pixels {Input.Sha256}");

    public override async Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken)
    {
        byte[] pixels = new byte[shape.Bytes];
        int at = 0;
        await foreach (VideoFrame frame in Input.Clip.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                frame.Pixels.Span.CopyTo(pixels.AsSpan(at));
                at += frame.Pixels.Length;
            }
        }

        return at == pixels.Length ? pixels : throw new InvalidOperationException($"A clip of {pixels.Length} bytes was promised, and {at} came.");
    }
}
