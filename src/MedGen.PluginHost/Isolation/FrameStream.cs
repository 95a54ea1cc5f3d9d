using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Isolation;

/// <summary>Frames of a clip on their way to a worker, as many as it has room for.</summary>
internal sealed class FrameStream(int call, int number, WorkerChannel channel, CancellationToken over) : IDisposable
{
    private readonly SemaphoreSlim _room = new(0);
    private readonly CancellationTokenSource _closed = CancellationTokenSource.CreateLinkedTokenSource(over);

    /// <summary>Begins to read; a frame is read when there is room for it, one of a live clip not before what was found so far is taken.</summary>
    public void Start(IVideoClip clip, FrameSampling sampling, UpdateQueue updates) => _ = SendAllAsync(clip, sampling, updates);

    /// <summary>There is room for so many further frames.</summary>
    public void Allow(int count) => _room.Release(count);

    /// <summary>No more frames are wanted.</summary>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        _room.Dispose();
    }

    private async Task RoomAsync(UpdateQueue? updates)
    {
        await _room.WaitAsync(_closed.Token).ConfigureAwait(false);
        if (updates is not null)
        {
            await updates.Awaited.WaitAsync(_closed.Token).ConfigureAwait(false);
        }
    }

    private async Task SendAllAsync(IVideoClip clip, FrameSampling sampling, UpdateQueue updates)
    {
        FramesEnd end = new(number, Error: null) { Call = call };
        try
        {
            await RoomAsync(clip.IsLive ? updates : null).ConfigureAwait(false);
            await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, _closed.Token).ConfigureAwait(false))
            {
                using (frame)
                {
                    Frame head = new(number, frame.Width, frame.Height, frame.Format, frame.Index, frame.Timestamp) { Call = call };
                    await channel.SendAsync(head, frame.Pixels, _closed.Token).ConfigureAwait(false);
                }

                await RoomAsync(clip.IsLive ? updates : null).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The worker's to handle, as an analyzer in this process would.
            end = end with { Error = WorkerError.Of(exception) };
        }

        try
        {
            await channel.SendAsync(end).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The worker is gone.
        }
    }
}
