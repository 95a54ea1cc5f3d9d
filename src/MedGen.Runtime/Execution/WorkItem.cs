using TorchSharp;

namespace MedGen.Runtime.Execution;

/// <summary>A piece of device work and the promise of its end.</summary>
internal abstract class WorkItem
{
    /// <summary>Runs on the device thread and completes the promise, whatever happens.</summary>
    /// <param name="prepare">What must have happened on the device thread first; its failure is the item's failure.</param>
    /// <param name="judge">Makes of an exception what the waiting one is told.</param>
    /// <param name="stopping">Cancelled when the executor stops.</param>
    public abstract void Run(Action prepare, Func<Exception, Exception> judge, CancellationToken stopping);

    /// <summary>Completes the promise of an item that never ran.</summary>
    public abstract void Cancel(CancellationToken because);

    /// <summary>Completes the promise of an item that cannot run.</summary>
    public abstract void Fail(Exception error);
}

/// <inheritdoc />
internal sealed class WorkItem<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken) : WorkItem
{
    // Continuations run elsewhere: the device thread is for device work alone.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Completion => _completion.Task;

    public override void Run(Action prepare, Func<Exception, Exception> judge, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            prepare();
            T result;
            using (torch.inference_mode())
            using (torch.NewDisposeScope())
            {
                result = work(either.Token);
            }

            _completion.TrySetResult(result);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            Cancel(cancellationToken.IsCancellationRequested ? cancellationToken : stopping);
        }
#pragma warning disable CA1031 // The exception goes to whoever waits for the item; the thread lives on for the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _completion.TrySetException(judge(exception));
        }
    }

    public override void Fail(Exception error) => _completion.TrySetException(error);

    public override void Cancel(CancellationToken because) => _completion.TrySetCanceled(because);
}
