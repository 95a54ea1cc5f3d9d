namespace MedGen.Sdk.Plugins;

/// <summary>A file of trained weights in a plugin's folder, as its manifest declares it.</summary>
public sealed record PluginWeights
{
    /// <summary>Path inside the plugin's folder, with '/' between its parts.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of its content, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its length in bytes, 1 to 1 TiB.</summary>
    public required long Bytes { get; init; }

    /// <summary>Licence as an SPDX expression, for instance <c>Apache-2.0</c>, 1 to 128 characters.</summary>
    public required string License { get; init; }
}
