using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Checks;

/// <summary>What <see cref="PluginChecker"/> says about a version folder.</summary>
public sealed record PluginCheckResult
{
    /// <summary>The manifest; null when it is missing or bad.</summary>
    public PluginManifest? Manifest { get; init; }

    /// <summary>Everything found, in the order of the checks.</summary>
    public required IReadOnlyList<PluginFinding> Findings { get; init; }

    /// <summary>Whether a host would take the plugin into use: no finding is an error.</summary>
    public bool Passed => Manifest is not null && Findings.All(finding => finding.Severity != PluginFindingSeverity.Error);
}
