namespace MedGen.Application.Jobs;

/// <summary>
/// Tells watchers that a job's log has grown, so that nobody polls the store. It carries no events: a watcher reads them from the store after
/// the last one it has seen, and therefore misses none and sees none twice, however the news arrive.
/// </summary>
internal sealed class JobFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Subscription>> _subscriptions = [];

    /// <summary>Begins to listen. Subscribe first, then read: news from before the subscription are in the store.</summary>
    public Subscription Subscribe(string jobId)
    {
        Subscription subscription = new(this, jobId);
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(jobId, out List<Subscription>? listeners))
            {
                _subscriptions[jobId] = listeners = [];
            }

            listeners.Add(subscription);
        }

        return subscription;
    }

    /// <summary>Wakes everybody who listens to the job.</summary>
    public void Publish(string jobId)
    {
        lock (_lock)
        {
            foreach (Subscription subscription in _subscriptions.GetValueOrDefault(jobId, []))
            {
                subscription.Wake();
            }
        }
    }

    /// <summary>Wakes everybody.</summary>
    public void PublishAll()
    {
        lock (_lock)
        {
            foreach (Subscription subscription in _subscriptions.Values.SelectMany(listeners => listeners))
            {
                subscription.Wake();
            }
        }
    }

    private void Remove(string jobId, Subscription subscription)
    {
        lock (_lock)
        {
            if (_subscriptions.TryGetValue(jobId, out List<Subscription>? listeners) && listeners.Remove(subscription) && listeners.Count == 0)
            {
                _subscriptions.Remove(jobId);
            }
        }
    }

    /// <summary>One listener.</summary>
    internal sealed class Subscription(JobFeed feed, string jobId) : IDisposable
    {
        private readonly WakeUp _wakeUp = new();

        /// <summary>Completes when the log may have grown since the last call.</summary>
        public Task ChangedAsync(CancellationToken cancellationToken) => _wakeUp.CalledAsync(cancellationToken);

        public void Wake() => _wakeUp.Call();

        public void Dispose() => feed.Remove(jobId, this);
    }
}
