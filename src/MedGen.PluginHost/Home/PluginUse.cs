using System.Diagnostics;
using MedGen.Application.Plugins;

namespace MedGen.PluginHost.Home;

/// <summary>What one loaded version of a plugin has done and used.</summary>
/// <param name="plugin">Id of the plugin.</param>
/// <param name="version">Its version.</param>
internal sealed class PluginUse(string plugin, string version)
{
    private long _calls;
    private long _failures;
    private long _deviceTicks;

    /// <summary>Counts a call that is over.</summary>
    public void Count(bool wentWell)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _failures, wentWell ? 0 : 1);
    }

    /// <summary>Counts time on the device.</summary>
    public void HeldDevice(TimeSpan time)
    {
        Interlocked.Add(ref _deviceTicks, time.Ticks);
        PluginHostDiagnostics.DeviceTime.Add(time.TotalSeconds, new TagList { { "plugin", plugin }, { "plugin_version", version } });
    }

    /// <summary>What it is now.</summary>
    public PluginUsage Read() => new()
    {
        Calls = Interlocked.Read(ref _calls),
        FailedCalls = Interlocked.Read(ref _failures),
        DeviceTime = TimeSpan.FromTicks(Interlocked.Read(ref _deviceTicks)),
    };
}
