using System.Collections.Concurrent;

namespace MedGen.Application.Jobs;

/// <summary>The jobs that run in this process, so that they can be told to stop.</summary>
internal sealed class RunningJobs
{
    private static readonly AsyncLocal<string?> Running = new();

    private readonly ConcurrentDictionary<string, Entry> _entries = new();
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
        Entry entry = new(this, jobId);
        _entries[jobId] = entry;
        Running.Value = jobId;
        return entry;
    }

    /// <summary>Tells a job to stop; nothing happens when it does not run here.</summary>
    public async Task CancelAsync(string jobId)
    {
        if (_entries.TryGetValue(jobId, out Entry? entry))
        {
            await entry.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="CancelAsync"/>, for whoever must not wait.</summary>
    public void Cancel(string jobId)
    {
        if (_entries.TryGetValue(jobId, out Entry? entry))
        {
            entry.CancelSoon();
        }
    }

    /// <summary>Stops what this process does for a job that another host has taken over: nobody cancelled it.</summary>
    public void Abandon(string jobId)
    {
        if (_entries.TryGetValue(jobId, out Entry? entry))
        {
            entry.Abandon();
        }
    }

    /// <summary>A job that runs.</summary>
    internal sealed class Entry(RunningJobs jobs, string jobId) : IDisposable
    {
        // Left to the collector: somebody may be about to cancel it, and it holds nothing but managed memory.
        private readonly CancellationTokenSource _cancellation = new();

        /// <summary>Cancelled when somebody cancels the job, or has taken it over.</summary>
        public CancellationToken Token => _cancellation.Token;

        /// <summary>Whether the job is another host's now.</summary>
        public bool IsTakenOver { get; private set; }

        public Task CancelAsync() => _cancellation.CancelAsync();

        public void CancelSoon() => ThreadPool.UnsafeQueueUserWorkItem(source => source.Cancel(), _cancellation, preferLocal: false);

        public void Abandon()
        {
            IsTakenOver = true;
            CancelSoon();
        }

        public void Dispose() => jobs._entries.TryRemove(jobId, out _);
    }
}
