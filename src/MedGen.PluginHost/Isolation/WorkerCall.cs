using System.Collections.Concurrent;
using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Isolation;

/// <summary>One call in a worker, from the host's side: what it says, and the frames that it asks for.</summary>
/// <param name="id">Its number.</param>
/// <param name="clips">Clips that it may read.</param>
/// <param name="channel">The line to the worker.</param>
/// <param name="read">Makes of a message, and of what lies behind it, an update; null: the call has one answer and no updates.</param>
internal sealed class WorkerCall(int id, IReadOnlyList<IVideoClip> clips, WorkerChannel channel, Func<Update, byte[], object>? read) : IDisposable
{
    private const int MostStreams = 8;

    private readonly ConcurrentDictionary<int, FrameStream> _streams = [];
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<CallEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id => id;

    /// <summary>What it says, in order; ends with the call.</summary>
    public UpdateQueue Updates { get; } = new();

    /// <summary>Completes with the call; faults with what the plugin threw, or because the process is gone.</summary>
    public Task<CallEnded> Ended => _ended.Task;

    /// <summary>Cancelled when the call is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Takes a message of this call.</summary>
    /// <exception cref="InvalidDataException">A worker does not send such a message.</exception>
    public void Take(WorkerMessage message, byte[] payload)
    {
        switch (message)
        {
            case Update update when read is not null:
                Updates.Add(read(update, payload), payload.Length);
                break;
            case CallEnded { Error: null } ended:
                _ended.TrySetResult(ended);
                Updates.End();
                break;
            case CallEnded { Error: { } error }:
                Fail(error.ToException());
                break;
            case ReadFrames asked
                when asked.Clip >= 0 && asked.Clip < clips.Count && _streams.Count < MostStreams && !_streams.ContainsKey(asked.Stream):
                FrameStream stream = new(id, asked.Stream, channel, _over.Token);
                _streams[asked.Stream] = stream;
                stream.Start(clips[asked.Clip], asked.Sampling, Updates);
                break;
            case NextFrame next when next.Count is > 0 and <= 64:
                _streams.GetValueOrDefault(next.Stream)?.Allow(next.Count);
                break;
            case CloseFrames close:
                if (_streams.TryRemove(close.Stream, out FrameStream? closed))
                {
                    closed.Dispose();
                }

                break;
            default:
                throw new InvalidDataException($"It sent what it may not: {message.GetType().Name}.");
        }
    }

    /// <summary>Ends the call with an error.</summary>
    public void Fail(Exception error)
    {
        _ended.TrySetException(error);
        Updates.End();
    }

    public void Dispose()
    {
        // Looked at, so that an error that nobody waits for any more is none of a lost task.
        _ = _ended.Task.Exception;
        _over.Cancel();
        _over.Dispose();
        foreach (FrameStream stream in _streams.Values)
        {
            stream.Dispose();
        }
    }
}
