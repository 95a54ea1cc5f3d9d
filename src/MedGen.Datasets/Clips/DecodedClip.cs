using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Clips;

/// <summary>An item of a data set, decoded once to one shape.</summary>
internal sealed class DecodedClip : IVideoClip
{
    private readonly string _path;
    private readonly ClipShape _shape;

    private DecodedClip(DatasetItem item, string path, ClipShape shape, byte[] pixels)
    {
        (Item, _path, _shape) = (item, path, shape);
        Descriptor = ClipDescriptor.Of(pixels, shape);
        Quality = ClipQuality.Of(pixels, shape);
    }

    /// <summary>What it is.</summary>
    public DatasetItem Item { get; }

    /// <summary>Its vector for correlations.</summary>
    public float[] Descriptor { get; }

    /// <summary>Its technical quality.</summary>
    public ClipQuality Quality { get; }

    public VideoInfo Info => new()
    {
        Width = _shape.Width, Height = _shape.Height, FrameRate = _shape.FramesPerSecond, FrameCount = _shape.NumFrames,
        Duration = TimeSpan.FromSeconds(_shape.NumFrames / _shape.FramesPerSecond),
    };

    public bool IsLive => false;

    /// <summary>Keeps decoded pixels in a file.</summary>
    public static async Task<DecodedClip> CreateAsync(
        DatasetItem item, string path, ClipShape shape, byte[] pixels, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(path, pixels, cancellationToken).ConfigureAwait(false);
        return new DecodedClip(item, path, shape, pixels);
    }

    /// <summary>All bytes.</summary>
    public Task<byte[]> ReadAsync(CancellationToken cancellationToken) => File.ReadAllBytesAsync(_path, cancellationToken);

    /// <summary>All frames, or the first of them; the clip is already at its size and rate.</summary>
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] pixels = await ReadAsync(cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < Math.Min(_shape.NumFrames, sampling.MaxFrames ?? int.MaxValue); i++)
        {
            yield return VideoFrame.Wrap(
                pixels[(i * _shape.FrameBytes)..((i + 1) * _shape.FrameBytes)], _shape.Width, _shape.Height, i, TimeSpan.FromSeconds(
                    i / _shape.FramesPerSecond));
        }
    }
}
