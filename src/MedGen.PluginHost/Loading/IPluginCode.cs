using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Loading;

/// <summary>A plugin's code: loaded into this process, or into one of its own.</summary>
internal interface IPluginCode
{
    /// <summary>The load context, held weakly: alive after an unload means a leak. Null: not in this process, or not loaded yet.</summary>
    WeakReference? Context { get; }

    /// <summary>Calls in a row that the code did not survive; always 0 in this process, which would not survive them either.</summary>
    int Crashes { get; }

    /// <summary>What the operator can set; known when the code is loaded.</summary>
    PluginSettings Settings { get; }

    /// <summary>Loads the code.</summary>
    /// <returns>The service of each declared capability of a kind that this host knows.</returns>
    /// <exception cref="PluginLoadException">The plugin has no usable entry, or lacks a declared capability.</exception>
    Task<IReadOnlyDictionary<PluginCapability, object>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Runs the plugin's self-tests, if it has any.</summary>
    Task TestAsync(CancellationToken cancellationToken);

    /// <summary>Disposes the plugin's services.</summary>
    Task DisposeServicesAsync();

    /// <summary>Takes the code out of memory, or has the runtime do so when nothing refers to it any more.</summary>
    void Unload();
}
