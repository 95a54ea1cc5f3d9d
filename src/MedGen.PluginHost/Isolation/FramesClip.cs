using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Isolation;

/// <summary>Frames in memory, as a clip that a worker reads; they stay their owner's.</summary>
internal sealed class FramesClip(IReadOnlyList<VideoFrame> frames) : IVideoClip
{
    public VideoInfo Info { get; } = new() { Width = frames[0].Width, Height = frames[0].Height, FrameCount = frames.Count };

    public bool IsLive => false;

    public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
        frames.ToAsyncEnumerable().Select(frame => frame.Clone());
}
