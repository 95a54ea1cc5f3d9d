using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>One call in this worker: its cancellation, and the frames that come for it.</summary>
internal sealed class WorkerSideCall(int id, WorkerChannel channel) : IDisposable
{
    // So that the next frames are on their way while one is looked at; room is told of a few at a time. A live frame is read when it is asked for.
    private const int Ahead = 8;
    private const int AtATime = 4;

    private static readonly AsyncLocal<int> Current = new();

    private readonly ConcurrentDictionary<int, Channel<VideoFrame>> _streams = [];
    private readonly SemaphoreSlim _updates = new(UpdateQueue.Room);
    private readonly CancellationTokenSource _stop = new();
    private int _lastStream;

    public int Id => id;

    public CancellationToken Token => _stop.Token;

    /// <summary>The call that this code runs for; 0: none.</summary>
    public static int CurrentId => Current.Value;

    /// <summary>From here on code runs for this call.</summary>
    public void Enter() => Current.Value = id;

    /// <summary>Sends updates as they come, and as the host has room for them.</summary>
    public async Task SayAllAsync<T>(IAsyncEnumerable<T> updates)
    {
        await foreach (T update in updates.ConfigureAwait(false))
        {
            foreach ((Update head, ReadOnlyMemory<byte> bytes) in Update.Of(update))
            {
                await _updates.WaitAsync(Token).ConfigureAwait(false);
                await channel.SendAsync(head with { Call = id }, bytes, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The host tells the call to end. Not awaited: the plugin's callbacks run in it.</summary>
    public void Cancel()
    {
        try
        {
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _updates.Dispose();
    }

    /// <summary>Takes a frame, or the end of a stream.</summary>
    public void Take(WorkerMessage message, byte[] payload)
    {
        switch (message)
        {
            case Frame frame when _streams.TryGetValue(frame.Stream, out Channel<VideoFrame>? stream):
                stream.Writer.TryWrite(VideoFrame.WrapIn(payload, frame.Format, frame.Width, frame.Height, frame.Index, frame.Timestamp));
                break;
            case NextUpdates next:
                _updates.Release(next.Count);
                break;
            case FramesEnd end when _streams.TryGetValue(end.Stream, out Channel<VideoFrame>? stream):
                stream.Writer.TryComplete(end.Error?.ToException());
                break;
        }
    }

    /// <summary>The frames of a clip, asked of the host as there is room for them.</summary>
    public async IAsyncEnumerable<VideoFrame> ReadAsync(
        int clip, bool isLive, FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _lastStream);
        Channel<VideoFrame> frames = Channel.CreateUnbounded<VideoFrame>();
        _streams[number] = frames;
        try
        {
            await channel.SendAsync(new ReadFrames(number, clip, sampling) { Call = id }, cancellationToken: cancellationToken).ConfigureAwait(false);
            await AllowAsync(isLive ? 1 : Ahead).ConfigureAwait(false);
            for (int taken = 1; await MoveNextAsync(frames.Reader, cancellationToken).ConfigureAwait(false) is { } frame; taken++)
            {
                if (!isLive && taken % AtATime == 0)
                {
                    await AllowAsync(AtATime).ConfigureAwait(false);
                }

                yield return frame;
                if (isLive)
                {
                    await AllowAsync(1).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _streams.TryRemove(number, out _);
            await channel.SendAsync(new CloseFrames(number) { Call = id }, cancellationToken: CancellationToken.None).ConfigureAwait(false);
        }

        Task AllowAsync(int count) => channel.SendAsync(new NextFrame(number, count) { Call = id }, cancellationToken: cancellationToken);
    }

    // The reader wraps what the stream broke with; the plugin gets it as it would in the host's process.
    private static async Task<VideoFrame?> MoveNextAsync(ChannelReader<VideoFrame> frames, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            return closed.InnerException is { } broke ? throw broke : null;
        }
    }
}
