namespace MedGen.PluginHost.Packs.Catalogs;

/// <summary>One pack of a catalogue.</summary>
public sealed record CatalogEntry
{
    /// <summary>The plugin's id.</summary>
    public required string Id { get; init; }

    /// <summary>The plugin's version.</summary>
    public required string Version { get; init; }

    /// <summary>The range of SDK versions that it works with.</summary>
    public required string Sdk { get; init; }

    /// <summary>Who stands behind it.</summary>
    public required string Publisher { get; init; }

    /// <summary>Length of the pack in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the pack, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its licence, best as an SPDX expression.</summary>
    public required string Licence { get; init; }

    /// <summary>What it is for, and what it is not for.</summary>
    public required string IntendedUse { get; init; }

    /// <summary>Name of the pack beside the catalogue; no text of a stranger leads to a file.</summary>
    internal string FileName => $"{Id}-{Version}.mgpack";
}
