using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;

namespace MedGen.Plugins.Augmentation;

/// <summary>Alters a small clip twice with one seed: both must be complete and the same. Needs no model.</summary>
internal sealed class AugmentationSelfTest(IDatasetAugmenter augmenter) : IPluginSelfTest
{
    private static readonly ClipShape Shape = new() { Width = 32, Height = 32, NumFrames = 3 };

    /// <exception cref="FailedPreconditionException">The frames are not those that were asked for, or differ.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] first = await MakeAsync(cancellationToken).ConfigureAwait(false);
        byte[] second = await MakeAsync(cancellationToken).ConfigureAwait(false);
        if (!first.AsSpan().SequenceEqual(second))
        {
            throw new FailedPreconditionException("SELF_TEST", "Two clips of one seed differ.");
        }
    }

    private async Task<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        AugmentationRequest request = new()
        {
            Method = new AugmentationMethod { Name = "classic" },
            Label = "test",
            Source = new SourceClip { Id = "ramp", Label = "test", Clip = new Ramp() },
            Seed = 1,
            Shape = Shape,
        };
        ClipBuffer clip = new(Shape);
        await foreach (AugmentationUpdate update in augmenter.AugmentAsync(request, cancellationToken).ConfigureAwait(false))
        {
            foreach (VideoFrame frame in (update as AugmentedFrames)?.Frames ?? [])
            {
                using (frame)
                {
                    clip.Add(frame);
                }
            }
        }

        return clip.ToArray();
    }

    private sealed class Ramp : IVideoClip
    {
        public VideoInfo Info { get; } =
            new() { Width = Shape.Width, Height = Shape.Height, FrameRate = Shape.FramesPerSecond, FrameCount = Shape.NumFrames };

        public bool IsLive => false;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
            FrameSampling sampling, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (int index = 0; index < Shape.NumFrames; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                byte[] pixels = new byte[Shape.FrameBytes];
                for (int i = 0; i < pixels.Length; i++)
                {
                    pixels[i] = (byte)((i / 3 * 7) + (index * 20));
                }

                yield return VideoFrame.Wrap(pixels, Shape.Width, Shape.Height, index);
            }

            await Task.CompletedTask.ConfigureAwait(false);
        }
    }
}
