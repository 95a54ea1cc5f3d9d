using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Home;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.PluginHost.Loading;

/// <summary>A plugin in this process: a collectible load context and a service container.</summary>
/// <param name="context">What the plugin is told; its manifest is checked, its settings are not.</param>
/// <param name="lent">What the plugin is lent.</param>
internal sealed class LoadedCode(PluginContext context, IEnumerable<ServiceDescriptor> lent) : IPluginCode
{
    private PluginLoader? _loader;
    private ServiceProvider? _provider;

    /// <inheritdoc />
    public WeakReference? Context { get; private set; }

    /// <inheritdoc />
    public int Crashes => 0;

    /// <inheritdoc />
    public PluginSettings Settings { get; private set; } = PluginSettings.None;

    /// <summary>Loads the assemblies, lets the plugin register its services and finds those that its manifest declares.</summary>
    /// <returns>The service of each capability.</returns>
    /// <exception cref="PluginLoadException">The plugin has no usable entry, or lacks a declared capability.</exception>
    public IReadOnlyDictionary<PluginCapability, object> Load()
    {
        _loader = PluginLoader.CreateFromAssemblyFile(
            PluginRuntimes.EntryAssembly(context.Manifest, context.Directory), isUnloadable: true, SharedAssemblies.Types);
        Assembly assembly = _loader.LoadDefaultAssembly();
        Context = new WeakReference(AssemblyLoadContext.GetLoadContext(assembly), trackResurrection: true);

        var plugin = (IMedGenPlugin)Activator.CreateInstance(PluginEntry.Find(assembly))!;
        PluginSettings settings = plugin.Settings ?? throw new PluginLoadException("load", "The plugin says null of its settings.");
        SettingsCheck.ThrowIfBroken(settings, context);

        // Copies: this object outlives the plugin, whose own types are in its lists.
        Settings = settings with { Secrets = [.. settings.Secrets] };
        IServiceCollection services = new ServiceCollection();
        foreach (ServiceDescriptor one in lent)
        {
            services.Add(one);
        }

        plugin.ConfigureServices(services, context);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        return PluginServices.Resolve(context.Manifest.Capabilities, _provider);
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
