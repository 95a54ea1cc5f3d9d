using MedGen.Sdk.Plugins;

namespace MedGen.Application.Plugins;

/// <summary>A plugin, where it stands and why.</summary>
public sealed record PluginStatus
{
    /// <summary>Id, the name of the plugin's folder.</summary>
    public required string Id { get; init; }

    /// <summary>Version; the newest one found when none is loaded.</summary>
    public required string Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required PluginState State { get; init; }

    /// <summary>Why it is rejected, malfunctioned or disabled, and what would help; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Name for people; the id when the manifest cannot be read.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Who stands behind it, with "(not proven)" where only its manifest says so; empty when that cannot be read.</summary>
    public string Publisher { get; init; } = "";

    /// <summary>Range of SDK versions that it works with; empty when the manifest cannot be read.</summary>
    public string Sdk { get; init; } = "";

    /// <summary>What it can do.</summary>
    public IReadOnlyList<PluginCapability> Capabilities { get; init; } = [];

    /// <summary>Weights that it brings, as its manifest declares them.</summary>
    public IReadOnlyList<PluginWeights> Weights { get; init; } = [];

    /// <summary>
    /// What it serves when a request names no plugin, for instance <c>analysis/imaging-modality</c> or <c>generation</c>. While it is not active,
    /// such requests are refused.
    /// </summary>
    public IReadOnlyList<string> DefaultFor { get; init; } = [];

    /// <summary>Number of leases that are out now.</summary>
    public int CallsInFlight { get; init; }

    /// <summary>What can be set and what is; null: no version serves.</summary>
    public PluginSettingsStatus? Settings { get; init; }

    /// <summary>What the version that serves has done since it was loaded; null: none serves.</summary>
    public PluginUsage? Usage { get; init; }

    /// <summary>When the state was entered.</summary>
    public required DateTimeOffset Since { get; init; }
}
