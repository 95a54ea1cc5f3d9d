using System.Diagnostics.Metrics;

namespace MedGen.PluginHost;

/// <summary>Metrics of the plugin host; subscribe to them by <see cref="Name"/>.</summary>
public static class PluginHostDiagnostics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "MedGen.PluginHost";

    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds that plugins' own work held the device, by <c>plugin</c> and <c>plugin_version</c>.</summary>
    internal static Counter<double> DeviceTime { get; } =
        Meter.CreateCounter<double>("medgen.plugin.device.time", "s", "Time that a plugin's own work held the device, by plugin and version.");
}
