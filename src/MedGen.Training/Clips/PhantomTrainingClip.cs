using MedGen.Sdk.Frames;
using MedGen.Phantoms;

namespace MedGen.Training.Clips;

/// <summary>A simulated clip.</summary>
internal sealed record PhantomTrainingClip(IPhantom Phantom, int Seed) : TrainingClip
{
    // Deterministic builds: the version id of the simulator's module changes with its code, and with it everything that was cached.
    public override Task<string> ReadKeyAsync(CancellationToken cancellationToken) =>
        Task.FromResult($"phantom {Phantom.GetType().Module.ModuleVersionId} {Phantom.Kind} {Seed}");

    public override Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken)
    {
        byte[] pixels = new byte[shape.Bytes];
        int at = 0;
        foreach (VideoFrame frame in Phantom.Simulate(new PhantomRequest
        {
            Seed = Seed, Width = shape.Width, Height = shape.Height, NumFrames = shape.NumFrames, FramesPerSecond = shape.FramesPerSecond,
        }).Frames)
        {
            using (frame)
            {
                cancellationToken.ThrowIfCancellationRequested();
                frame.Pixels.Span.CopyTo(pixels.AsSpan(at));
                at += shape.FrameBytes;
            }
        }

        return Task.FromResult<byte[]?>(pixels);
    }
}
