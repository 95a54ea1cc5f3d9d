using System.Collections.Concurrent;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Isolation;

/// <summary>One call in a worker, from the host's side: what it says, and the frames that it asks for.</summary>
internal sealed class WorkerCall(int id, IReadOnlyList<IVideoClip> clips, WorkerChannel channel) : IDisposable
{
    private const int MostStreams = 8;

    private readonly ConcurrentDictionary<int, FrameStream> _streams = [];
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<CallEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id => id;

    /// <summary>What an analysis says, in order; ends with the call.</summary>
    public UpdateQueue Updates { get; } = new();

    /// <summary>Completes with the call; faults with what the plugin threw, or because the process is gone.</summary>
    public Task<CallEnded> Ended => _ended.Task;

    /// <summary>Cancelled when the call is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Takes a message of this call.</summary>
    /// <exception cref="InvalidDataException">A worker does not send such a message.</exception>
    public void Take(WorkerMessage message)
    {
        switch (message)
        {
            case Update update:
                Updates.Add(
                    (AnalysisUpdate?)update.Progress ?? (AnalysisUpdate?)update.Interim ?? (AnalysisUpdate?)update.Final ?? update.Completed
                        ?? throw new InvalidDataException("An update says nothing."));
                break;
            case CallEnded { Error: null } ended:
                _ended.TrySetResult(ended);
                Updates.End();
                break;
            case CallEnded { Error: { } error }:
                Fail(error.ToException());
                break;
            case ReadFrames read when read.Clip >= 0 && read.Clip < clips.Count && _streams.Count < MostStreams && !_streams.ContainsKey(read.Stream):
                FrameStream stream = new(id, read.Stream, channel, _over.Token);
                _streams[read.Stream] = stream;
                stream.Start(clips[read.Clip], read.Sampling, Updates);
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
