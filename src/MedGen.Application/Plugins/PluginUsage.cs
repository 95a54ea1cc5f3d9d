namespace MedGen.Application.Plugins;

/// <summary>What one version of a plugin has done and used since it was loaded.</summary>
public sealed record PluginUsage
{
    /// <summary>Calls that are over, each the work of a job or a stream.</summary>
    public required long Calls { get; init; }

    /// <summary>How many of them failed through the plugin.</summary>
    public required long FailedCalls { get; init; }

    /// <summary>Time that its own work held the device; the shared model's is not in it.</summary>
    public required TimeSpan DeviceTime { get; init; }
}
