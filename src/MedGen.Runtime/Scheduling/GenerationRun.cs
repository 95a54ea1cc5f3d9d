using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MedGen.Sdk.Generation;
using MedGen.Model.Pipelines;
using MedGen.Model.Sizing;
using MedGen.Runtime.Adapters;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// One generation between its receiver and the device. The scheduler writes what happens, the receiver reads; a receiver that leaves, or is
/// cancelled, ends the run at its next step.
/// </summary>
internal sealed class GenerationRun : IAsyncDisposable
{
    // Of finished frames the device makes only so many in advance.
    private const int MaxUnread = 16;

    private readonly StepScheduler _scheduler;
    private readonly Channel<GenerationUpdate> _updates = Channel.CreateUnbounded<GenerationUpdate>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _isCancelled;

    public GenerationRun(
        StepScheduler scheduler, VideoGenerationRequest request, IReadOnlyList<AdapterLease> adapters, GenerationCost cost, SessionTicket ticket,
        CancellationToken cancellationToken)
    {
        _scheduler = scheduler;
        Request = request;
        Adapters = adapters;
        Cost = cost;
        Ticket = ticket;
        CancellationToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(_ => Cancel(), null);
    }

    public VideoGenerationRequest Request { get; }

    /// <summary>The adapters that the request names, in its order; whoever submitted the run gives them back after its end.</summary>
    public IReadOnlyList<AdapterLease> Adapters { get; }

    public GenerationCost Cost { get; }

    public SessionTicket Ticket { get; }

    /// <summary>The trace that the generation belongs to; the default: none.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>The receiver's.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether the receiver has been cancelled or has left.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>Null until the first tick; touched on the device thread only.</summary>
    public GenerationSession? Session { get; set; }

    /// <summary>Place among those that wait, from 1; 0: it takes part.</summary>
    public int Position { get; set; }

    /// <summary>Whether the receiver keeps up.</summary>
    public bool HasRoom => _updates.Reader.Count < MaxUnread;

    /// <summary>What happens, up to the end; a cancelled run may end with a checkpoint.</summary>
    /// <exception cref="OperationCanceledException">The receiver's token was cancelled, or the device stops.</exception>
    public async IAsyncEnumerable<GenerationUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (GenerationUpdate update in _updates.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!Ticket.IsRunnable)
            {
                _scheduler.Wake(this);
            }

            yield return update;
        }
    }

    /// <summary>Tells the receiver.</summary>
    public void Write(GenerationUpdate update)
    {
        if (!_updates.Writer.TryWrite(update))
        {
            Release(update);
        }
    }

    /// <summary>The last word; the session is gone already.</summary>
    /// <param name="error">Null: all frames are out.</param>
    public void End(Exception? error)
    {
        _updates.Writer.TryComplete(error);
        _ended.TrySetResult();
    }

    /// <summary>Ends the run at its next step, if it has not ended, and gives back what was not read.</summary>
    public async ValueTask DisposeAsync()
    {
        Cancel();
        await _ended.Task.ConfigureAwait(false);
        await _registration.DisposeAsync().ConfigureAwait(false);
        while (_updates.Reader.TryRead(out GenerationUpdate? update))
        {
            Release(update);
        }
    }

    private void Cancel()
    {
        _isCancelled = true;
        _scheduler.Wake(this);
    }

    private static void Release(GenerationUpdate update)
    {
        switch (update)
        {
            case GenerationPreview preview:
                preview.Frame.Dispose();
                break;
            case GeneratedFrames generated:
                foreach (Sdk.Frames.VideoFrame frame in generated.Frames)
                {
                    frame.Dispose();
                }

                break;
        }
    }
}
