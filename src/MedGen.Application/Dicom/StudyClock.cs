using MedGen.Application.Jobs;

namespace MedGen.Application.Dicom;

/// <summary>Wakes what looks after studies before its time.</summary>
internal sealed class StudyClock
{
    private readonly WakeUp _wakeUp = new();

    public void Call() => _wakeUp.Call();

    /// <summary>Completes when somebody has called, or after a time.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(longest, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await _wakeUp.CalledAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is up.
        }
    }
}
