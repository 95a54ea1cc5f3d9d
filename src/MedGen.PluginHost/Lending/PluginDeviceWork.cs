using MedGen.Application.Plugins;

namespace MedGen.PluginHost.Lending;

/// <inheritdoc />
internal sealed class PluginDeviceWork : IPluginDeviceWork
{
    private volatile string? _running;

    /// <inheritdoc />
    public string? Running => _running;

    /// <summary>Runs a plugin's work; only the device's thread calls this.</summary>
    /// <param name="plugin">Plugin and version.</param>
    /// <param name="work">The work.</param>
    public T Run<T>(string plugin, Func<T> work)
    {
        _running = plugin;
        try
        {
            return work();
        }
        finally
        {
            _running = null;
        }
    }
}
