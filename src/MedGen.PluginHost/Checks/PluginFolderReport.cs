using MedGen.PluginHost.Packs;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Checks;

/// <summary>What the checks before loading say about a folder.</summary>
internal sealed record PluginFolderReport
{
    /// <summary>The folder.</summary>
    public required PluginFolder Folder { get; init; }

    /// <summary>The manifest; null when it is missing or bad.</summary>
    public PluginManifest? Manifest { get; init; }

    /// <summary>The index of the pack that the folder was installed from; null: there is none, or it is not as the index says.</summary>
    public SignedIndex? Pack { get; init; }

    /// <summary>Where the plugin comes from; null: nobody has asked.</summary>
    public TrustVerdict? Verdict { get; init; }

    /// <summary>Everything found, in the order of the checks.</summary>
    public required IReadOnlyList<PluginFinding> Findings { get; init; }

    /// <summary>Whether the plugin may be loaded.</summary>
    public bool IsGood => Manifest is not null && Findings.All(finding => finding.Severity != PluginFindingSeverity.Error);

    /// <summary>The errors as one text.</summary>
    public string Reason => string.Join(" ", Findings.Where(f => f.Severity == PluginFindingSeverity.Error).Select(f => f.Message));
}
