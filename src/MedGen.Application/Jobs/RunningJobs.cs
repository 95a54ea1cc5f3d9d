using System.Collections.Concurrent;

namespace MedGen.Application.Jobs;

/// <summary>The jobs that run in this process, so that they can be told to stop.</summary>
internal sealed class RunningJobs
{
    private static readonly AsyncLocal<string?> Running = new();

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _cancellations = new();
    private readonly ConcurrentDictionary<string, bool> _held = new();

    /// <summary>The job on whose behalf this code runs; null: none.</summary>
    public static string? Current => Running.Value;

    /// <summary>Jobs that this process has claimed and not let go of, whether they have begun or not.</summary>
    public string[] Held => [.. _held.Keys];

    /// <summary>Notes that this process has claimed a job.</summary>
    /// <returns>Whether it had not before.</returns>
    public bool TryHold(string jobId) => _held.TryAdd(jobId, true);

    public bool Holds(string jobId) => _held.ContainsKey(jobId);

    /// <summary>Notes that nothing is done for a job any more.</summary>
    public void LetGo(string jobId) => _held.TryRemove(jobId, out _);

    /// <summary>Enters a job; dispose the result when it has ended.</summary>
    public Entry Add(string jobId)
    {
        CancellationTokenSource cancellation = new();
        _cancellations[jobId] = cancellation;
        Running.Value = jobId;
        return new Entry(this, jobId, cancellation);
    }

    /// <summary>Tells a job to stop; nothing happens when it does not run here.</summary>
    public async Task CancelAsync(string jobId)
    {
        if (_cancellations.TryGetValue(jobId, out CancellationTokenSource? cancellation))
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="CancelAsync"/>, for whoever must not wait.</summary>
    public void Cancel(string jobId)
    {
        if (_cancellations.TryGetValue(jobId, out CancellationTokenSource? cancellation))
        {
            ThreadPool.UnsafeQueueUserWorkItem(source => source.Cancel(), cancellation, preferLocal: false);
        }
    }

    /// <summary>A job that runs.</summary>
    internal sealed class Entry(RunningJobs jobs, string jobId, CancellationTokenSource cancellation) : IDisposable
    {
        /// <summary>Cancelled when somebody cancels the job.</summary>
        public CancellationToken Token { get; } = cancellation.Token;

        // The source is left to the collector: somebody may be about to cancel it, and it holds nothing but managed memory.
        public void Dispose() => jobs._cancellations.TryRemove(jobId, out _);
    }
}
