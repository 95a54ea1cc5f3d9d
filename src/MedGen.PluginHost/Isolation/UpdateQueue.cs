using System.Threading.Channels;
using MedGen.Sdk.Analysis;

namespace MedGen.PluginHost.Isolation;

/// <summary>Updates on their way from a worker to who asked. The worker sends no more than there is room for.</summary>
internal sealed class UpdateQueue
{
    /// <summary>Updates that may be on their way.</summary>
    public const int Room = 64;

    private readonly Lock _gate = new();
    private readonly Channel<AnalysisUpdate> _updates =
        Channel.CreateBounded<AnalysisUpdate>(new BoundedChannelOptions(Room) { SingleReader = true });

    private TaskCompletionSource _awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDropped;

    /// <summary>Completes when all updates were taken and the next one is waited for.</summary>
    public Task Awaited
    {
        get
        {
            lock (_gate)
            {
                return _awaited.Task;
            }
        }
    }

    /// <summary>The next update; null: there will be no more.</summary>
    public async Task<AnalysisUpdate?> NextAsync(CancellationToken cancellationToken)
    {
        do
        {
            lock (_gate)
            {
                if (_updates.Reader.TryRead(out AnalysisUpdate? update))
                {
                    return update;
                }

                _awaited.TrySetResult();
            }
        }
        while (await _updates.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
        return null;
    }

    /// <summary>Adds an update, unless nobody wants any.</summary>
    /// <exception cref="InvalidDataException">There was no room for it.</exception>
    public void Add(AnalysisUpdate update)
    {
        lock (_gate)
        {
            if (_isDropped)
            {
                return;
            }

            if (_awaited.Task.IsCompleted)
            {
                _awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (!_updates.Writer.TryWrite(update))
            {
                throw new InvalidDataException("There was no room for an update, or the call is over.");
            }
        }
    }

    /// <summary>There will be no more.</summary>
    public void End() => _updates.Writer.TryComplete();

    /// <summary>Nobody reads any more: what comes from now on is dropped.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _isDropped = true;
        }

        End();
    }
}
