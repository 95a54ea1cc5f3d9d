using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.PluginHost.Loading;

/// <summary>A plugin in this process: a collectible load context and a service container.</summary>
/// <param name="manifest">The checked manifest.</param>
/// <param name="directory">Full path of the version folder.</param>
/// <param name="host">The host's services.</param>
/// <param name="lent">Types that the host lends to plugins.</param>
internal sealed class LoadedCode(PluginManifest manifest, string directory, IServiceProvider host, IEnumerable<Type> lent) : IPluginCode
{
    private PluginLoader? _loader;
    private ServiceProvider? _provider;

    /// <inheritdoc />
    public WeakReference? Context { get; private set; }

    /// <inheritdoc />
    public int Crashes => 0;

    /// <summary>Loads the assemblies, lets the plugin register its services and finds those that its manifest declares.</summary>
    /// <returns>The service of each capability.</returns>
    /// <exception cref="PluginLoadException">The plugin has no usable entry, or lacks a declared capability.</exception>
    public IReadOnlyDictionary<PluginCapability, object> Load()
    {
        _loader = PluginLoader.CreateFromAssemblyFile(
            PluginRuntimes.EntryAssembly(manifest, directory), isUnloadable: true, SharedAssemblies.Types);
        Assembly assembly = _loader.LoadDefaultAssembly();
        Context = new WeakReference(AssemblyLoadContext.GetLoadContext(assembly), trackResurrection: true);

        var plugin = (IMedGenPlugin)Activator.CreateInstance(PluginEntry.Find(assembly))!;
        ServiceCollection services = PluginServices.Lend(host, lent, $"{manifest.Id} {manifest.Version}");
        plugin.ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = directory });
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        return PluginServices.Resolve(manifest.Capabilities, _provider);
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<PluginCapability, object>> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(Load());

    /// <inheritdoc />
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        foreach (IPluginSelfTest test in _provider!.GetServices<IPluginSelfTest>())
        {
            await test.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async Task DisposeServicesAsync()
    {
        if (Interlocked.Exchange(ref _provider, null) is { } provider)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    // Not inlined: a caller's frame must hold no reference to the loader while it waits for the collection.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Unload()
    {
        _provider = null;
        _loader?.Dispose();
        _loader = null;
    }
}
