namespace MedGen.Sdk.Analysis;

/// <summary>A file of trained weights.</summary>
public sealed record WeightsDescription
{
    /// <summary>File name, without a folder.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the weights, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size in bytes, above 0; null: not stated.</summary>
    public long? Bytes { get; init; }

    /// <summary>Licence as an SPDX expression, for instance <c>Apache-2.0</c>; null: not stated.</summary>
    public string? License { get; init; }
}
