using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using MedGen.Sdk.Plugins;
using MedGen.PluginHost.Checks;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.PluginHost.Loading;

/// <summary>
/// One load of one plugin version: a collectible load context, a service container, and the number of leases that are out. It is loaded once,
/// drained once and unloaded once; loading the same version again makes another instance.
/// </summary>
/// <param name="manifest">The checked manifest.</param>
/// <param name="directory">Full path of the version folder.</param>
internal sealed class PluginInstance(PluginManifest manifest, string directory)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<PluginCapability, object> _services = [];
    private PluginLoader? _loader;
    private ServiceProvider? _provider;
    private int _leases;
    private bool _isDraining;

    /// <summary>The plugin's manifest.</summary>
    public PluginManifest Manifest => manifest;

    /// <summary>The load context, held weakly: alive after an unload means a leak. Null before loading.</summary>
    public WeakReference? Context { get; private set; }

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

    /// <summary>Loads the assemblies, lets the plugin register its services and finds those that its manifest declares.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="lent">Types that the host lends to plugins.</param>
    /// <exception cref="PluginLoadException">The plugin has no usable entry, or lacks a declared capability.</exception>
    public void Load(IServiceProvider host, IEnumerable<Type> lent)
    {
        _loader = PluginLoader.CreateFromAssemblyFile(
            Path.Combine(directory, manifest.EntryAssembly), isUnloadable: true, SharedAssemblies.Types);
        Assembly assembly = _loader.LoadDefaultAssembly();
        Context = new WeakReference(AssemblyLoadContext.GetLoadContext(assembly), trackResurrection: true);

        var plugin = (IMedGenPlugin)Activator.CreateInstance(PluginEntry.Find(assembly))!;
        ServiceCollection services = PluginServices.Lend(host, lent, $"{manifest.Id} {manifest.Version}");
        plugin.ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = directory });
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        _services = PluginServices.Resolve(manifest.Capabilities, _provider);
    }

    /// <summary>Runs the plugin's self-tests, if it has any.</summary>
    /// <param name="cancellationToken">Ends the tests.</param>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        foreach (IPluginSelfTest test in _provider!.GetServices<IPluginSelfTest>())
        {
            await test.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the plugin can do something.</summary>
    /// <param name="kind">Kind of work.</param>
    /// <param name="task">Task of an analyzer; null for kinds without tasks.</param>
    public bool Offers(string kind, string? task) => manifest.Capabilities.Any(c => Matches(c, kind, task));

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
            return _services[manifest.Capabilities.First(c => Matches(c, kind, task))];
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

    /// <summary>Disposes the plugin's services.</summary>
    public async Task DisposeServicesAsync()
    {
        _services = [];
        if (Interlocked.Exchange(ref _provider, null) is { } provider)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Asks the runtime to unload the assemblies; it does so when nothing refers to them any more.</summary>
    // Not inlined: a caller's frame must hold no reference to the loader while it waits for the collection.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Unload()
    {
        _services = [];
        _provider = null;
        _loader?.Dispose();
        _loader = null;
    }

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
