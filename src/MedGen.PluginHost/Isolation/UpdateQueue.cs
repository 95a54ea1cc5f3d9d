using System.Threading.Channels;

namespace MedGen.PluginHost.Isolation;

/// <summary>Updates on their way from a worker to who asked. The worker sends no more than there is room for.</summary>
internal sealed class UpdateQueue
{
    /// <summary>Updates that may be on their way.</summary>
    public const int Room = 64;

    /// <summary>Bytes that may lie behind them.</summary>
    public const long MostBytes = 512L << 20;

    private readonly Lock _gate = new();
    private readonly Channel<(object Update, int Bytes)> _updates =
        Channel.CreateBounded<(object Update, int Bytes)>(new BoundedChannelOptions(Room) { SingleReader = true });

    private TaskCompletionSource _awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
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
    public async Task<object?> NextAsync(CancellationToken cancellationToken)
    {
        do
        {
            lock (_gate)
            {
                if (_updates.Reader.TryRead(out (object Update, int Bytes) next))
                {
                    _bytes -= next.Bytes;
                    return next.Update;
                }

                _awaited.TrySetResult();
            }
        }
        while (await _updates.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
        return null;
    }

    /// <summary>Adds an update, unless nobody wants any.</summary>
    /// <param name="update">The update.</param>
    /// <param name="bytes">Bytes that came behind it.</param>
    /// <exception cref="InvalidDataException">There was no room for it.</exception>
    public void Add(object update, int bytes)
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

            _bytes += bytes;
            if (_bytes > MostBytes || !_updates.Writer.TryWrite((update, bytes)))
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
