namespace MedGen.Application.Plugins;

/// <summary>
/// A plugin's service on loan. While it is out the plugin is not unloaded; a reload sends new callers to the new version and waits for the old
/// leases. Dispose it as soon as the call is over, and keep no reference to the service.
/// </summary>
/// <typeparam name="T">Contract of the service.</typeparam>
/// <param name="service">The service.</param>
/// <param name="pluginId">Id of the plugin.</param>
/// <param name="pluginVersion">Version of the plugin.</param>
/// <param name="release">Called once, when the lease is disposed for the first time.</param>
public sealed class PluginLease<T>(T service, string pluginId, string pluginVersion, Action release) : IDisposable
    where T : class
{
    private Action? _release = release;
    private T? _service = service;

    /// <summary>The service.</summary>
    /// <exception cref="ObjectDisposedException">The lease was given back.</exception>
    public T Service => _service ?? throw new ObjectDisposedException(nameof(PluginLease<>));

    /// <summary>Id of the plugin.</summary>
    public string PluginId { get; } = pluginId;

    /// <summary>Version of the plugin.</summary>
    public string PluginVersion { get; } = pluginVersion;

    /// <inheritdoc />
    public void Dispose()
    {
        _service = null;
        Interlocked.Exchange(ref _release, null)?.Invoke();
    }
}
