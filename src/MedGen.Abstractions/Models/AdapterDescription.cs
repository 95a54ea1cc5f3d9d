namespace MedGen.Abstractions.Models;

/// <summary>An adapter (LoRA) of the resident model.</summary>
public sealed record AdapterDescription
{
    /// <summary>The name by which requests ask for it.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of its file, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Number of linears that it changes.</summary>
    public required int Modules { get; init; }

    /// <summary>Bytes that it takes on the device.</summary>
    public required long Bytes { get; init; }
}
