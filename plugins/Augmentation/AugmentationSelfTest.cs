using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Plugins;

namespace MedGen.Plugins.Augmentation;

/// <summary>Alters a small clip twice with one seed: both must be complete and the same. Needs no model.</summary>
internal sealed class AugmentationSelfTest(IDatasetAugmenter augmenter) : IPluginSelfTest
{
    private const int Side = 32;
    private const int Frames = 3;

    /// <exception cref="FailedPreconditionException">The frames are not those that were asked for, or differ.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] first = await MakeAsync(cancellationToken).ConfigureAwait(false);
        byte[] second = await MakeAsync(cancellationToken).ConfigureAwait(false);
        if (first.Length != Frames * Side * Side * 3 || !first.AsSpan().SequenceEqual(second))
        {
            throw new FailedPreconditionException("SELF_TEST", $"Two clips of one seed have {first.Length} and {second.Length} bytes, or differ.");
        }
    }

    private async Task<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        AugmentationRequest request = new()
        {
            Method = new AugmentationMethod { Name = "classic" },
            Label = "test",
            Source = new SourceClip { Id = "ramp", Label = "test", Clip = new Ramp() },
            Seed = 1, Width = Side, Height = Side, NumFrames = Frames, FramesPerSecond = 8,
        };
        List<byte> pixels = [];
        await foreach (AugmentationUpdate update in augmenter.AugmentAsync(request, cancellationToken).ConfigureAwait(false))
        {
            foreach (VideoFrame frame in (update as AugmentedFrames)?.Frames ?? [])
            {
                using (frame)
                {
                    pixels.AddRange(frame.Pixels.Span);
                }
            }
        }

        return [.. pixels];
    }

    private sealed class Ramp : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = Side, Height = Side, FrameRate = 8, FrameCount = Frames };

        public bool IsLive => false;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
            FrameSampling sampling, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (int index = 0; index < Frames; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                byte[] pixels = new byte[Side * Side * 3];
                for (int i = 0; i < pixels.Length; i++)
                {
                    pixels[i] = (byte)((i / 3 * 7) + (index * 20));
                }

                yield return VideoFrame.Wrap(pixels, Side, Side, index);
            }

            await Task.CompletedTask.ConfigureAwait(false);
        }
    }
}
