using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Home;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Loading;

/// <summary>
/// One load of one plugin version: its code, its services, and the number of leases that are out. It is loaded once, drained once and unloaded once;
/// loading the same version again makes another instance.
/// </summary>
/// <param name="report">What the checks have said of its folder; good.</param>
/// <param name="code">The code, in this process or in one of its own.</param>
/// <param name="home">What it has of its own.</param>
internal sealed class PluginInstance(PluginFolderReport report, IPluginCode code, PluginHome home)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyDictionary<PluginCapability, object> _services = new Dictionary<PluginCapability, object>();
    private int _leases;
    private bool _isDraining;

    /// <summary>What the checks said of its folder when it was loaded.</summary>
    public PluginFolderReport Report => report;

    /// <summary>The plugin's manifest.</summary>
    public PluginManifest Manifest => report.Manifest!;

    /// <summary>What it has of its own in this host.</summary>
    public PluginHome Home => home;

    /// <inheritdoc cref="IPluginCode.Settings" />
    public PluginSettings Settings => code.Settings;

    /// <inheritdoc cref="IPluginCode.Context" />
    public WeakReference? Context => code.Context;

    /// <inheritdoc cref="IPluginCode.Crashes" />
    public int Crashes => code.Crashes;

    /// <summary>Number of leases that are out.</summary>
    public int Leases
    {
        get
        {
            lock (_lock)
            {
                return _leases;
            }
        }
    }

    /// <inheritdoc cref="IPluginCode.LoadAsync" />
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        home.Enter();
        _services = await code.LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IPluginCode.TestAsync" />
    public Task TestAsync(CancellationToken cancellationToken)
    {
        home.Enter();
        return code.TestAsync(cancellationToken);
    }

    /// <summary>Whether the plugin can do something.</summary>
    /// <param name="kind">Kind of work.</param>
    /// <param name="task">Task of an analyzer; null for kinds without tasks.</param>
    public bool Offers(string kind, string? task) => Manifest.Capabilities.Any(c => Matches(c, kind, task));

    /// <summary>Takes a lease.</summary>
    /// <param name="kind">Kind of work.</param>
    /// <param name="task">Task of an analyzer; null for kinds without tasks.</param>
    /// <returns>The service, or null when the instance drains already. It must be given back by <see cref="Release"/>.</returns>
    public object? TryLease(string kind, string? task)
    {
        lock (_lock)
        {
            if (_isDraining)
            {
                return null;
            }

            _leases++;
            return _services[Manifest.Capabilities.First(c => Matches(c, kind, task))];
        }
    }

    /// <summary>Gives a lease back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _leases--;
            CompleteDrain();
        }
    }

    /// <summary>Calls that did not end when they were told to, those included that have ended since.</summary>
    public int AbandonedCalls { get; private set; }

    /// <summary>Gives a lease up whose call does not end; a drain does not wait for it.</summary>
    /// <returns>Number of such calls so far.</returns>
    public int Abandon()
    {
        lock (_lock)
        {
            AbandonedCalls++;
            _leases--;
            CompleteDrain();
            return AbandonedCalls;
        }
    }

    /// <summary>Gives out no more leases.</summary>
    /// <returns>Completes when all leases are back.</returns>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            _isDraining = true;
            CompleteDrain();
            return _drained.Task;
        }
    }

    /// <inheritdoc cref="IPluginCode.DisposeServicesAsync" />
    public Task DisposeServicesAsync()
    {
        home.Enter();
        _services = new Dictionary<PluginCapability, object>();
        return code.DisposeServicesAsync();
    }

    /// <inheritdoc cref="IPluginCode.Unload" />
    public void Unload() => code.Unload();

    private static bool Matches(PluginCapability capability, string kind, string? task) =>
        capability.Kind == kind && capability.Task == task;

    private void CompleteDrain()
    {
        if (_isDraining && _leases == 0)
        {
            _drained.TrySetResult();
        }
    }
}
