namespace MedGen.PluginHost.Packs;

/// <summary>One file of a pack, as its index lists it.</summary>
public sealed record PackEntry
{
    /// <summary>Path inside the plugin's folder, with '/' between its parts.</summary>
    public required string Path { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}
