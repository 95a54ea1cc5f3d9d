using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>A clip of the host's.</summary>
internal sealed class WorkerClip(WorkerSideCall call, int number, Analyze.Input input) : IVideoClip
{
    public VideoInfo Info => input.Info;

    public bool IsLive => input.IsLive;

    public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
        call.ReadAsync(number, IsLive, sampling, cancellationToken);
}
