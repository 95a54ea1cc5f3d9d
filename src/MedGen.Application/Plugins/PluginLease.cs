namespace MedGen.Application.Plugins;

/// <summary>
/// A plugin's service on loan. While it is out the plugin is not unloaded; a reload sends new callers to the new version and waits for the old
/// leases. Dispose it as soon as the call is over, and keep no reference to the service.
/// </summary>
/// <typeparam name="T">Contract of the service.</typeparam>
/// <param name="service">The service.</param>
/// <param name="pluginId">Id of the plugin.</param>
/// <param name="pluginVersion">Version of the plugin.</param>
/// <param name="release">
/// Called once, when the lease is disposed for the first time, with whether the plugin did its work; null: it had none to do, or was not to blame.
/// </param>
/// <param name="abandon">Called once instead, with the call that does not end, when the lease is abandoned.</param>
/// <param name="rules">What the host sees to around each call; null: nothing.</param>
public sealed class PluginLease<T>(
    T service, string pluginId, string pluginVersion, Action<bool?> release, Action<Task> abandon, IPluginCallRules? rules = null) : IDisposable
    where T : class
{
    private Action<bool?>? _release = release;
    private T? _service = service;
    private bool? _wentWell;

    /// <summary>The service.</summary>
    /// <exception cref="ObjectDisposedException">The lease was given back.</exception>
    public T Service => _service ?? throw new ObjectDisposedException(nameof(PluginLease<>));

    /// <summary>Id of the plugin.</summary>
    public string PluginId { get; } = pluginId;

    /// <summary>Version of the plugin.</summary>
    public string PluginVersion { get; } = pluginVersion;

    /// <summary>What the host sees to around each call; null: nothing.</summary>
    public IPluginCallRules? Rules { get; } = rules;

    /// <summary>Whether a call did not end, so that the service is not to be used any more.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Notes how work of the plugin ended. A failure is not made good by what goes well after it.</summary>
    /// <param name="wentWell">Whether the plugin did what its contract asks.</param>
    public void Report(bool wentWell) => _wentWell = wentWell && _wentWell is not false;

    /// <summary>Gives the lease up because a call does not end: nobody waits for it, and it is counted against the plugin.</summary>
    /// <param name="call">The call; it may still end some day.</param>
    public void Abandon(Task call)
    {
        _service = null;
        IsAbandoned = true;
        if (Interlocked.Exchange(ref _release, null) is not null)
        {
            abandon(call);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _service = null;
        Interlocked.Exchange(ref _release, null)?.Invoke(_wentWell);
    }
}
