using System.Collections.Concurrent;

namespace MedGen.Application.Jobs;

/// <summary>The jobs that run in this process, so that they can be told to stop.</summary>
internal sealed class RunningJobs
{
    private static readonly AsyncLocal<string?> Running = new();

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _cancellations = new();

    /// <summary>The job on whose behalf this code runs; null: none.</summary>
    public static string? Current => Running.Value;

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

    /// <summary>A job that runs.</summary>
    internal sealed class Entry(RunningJobs jobs, string jobId, CancellationTokenSource cancellation) : IDisposable
    {
        /// <summary>Cancelled when somebody cancels the job.</summary>
        public CancellationToken Token { get; } = cancellation.Token;

        // The source is left to the collector: somebody may be about to cancel it, and it holds nothing but managed memory.
        public void Dispose() => jobs._cancellations.TryRemove(jobId, out _);
    }
}
