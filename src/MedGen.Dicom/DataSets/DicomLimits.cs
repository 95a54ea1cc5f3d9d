namespace MedGen.Dicom.DataSets;

/// <summary>What a file may ask of its reader.</summary>
public sealed record DicomLimits
{
    /// <summary>Deepest nesting of sequences; default 32.</summary>
    public int Depth { get; init; } = 32;

    /// <summary>Most elements, items and fragments together; default 2,000,000 (an enhanced object of 20,000 frames has about that many).</summary>
    public int Elements { get; init; } = 2_000_000;

    /// <summary>A value with more bytes stays in the file; default 65,536.</summary>
    public int ValueInMemory { get; init; } = 65_536;

    /// <summary>Most bytes of values in memory; default 256 MiB.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>Most bytes of an inflated data set, which lie in a temporary file; default 2 GiB.</summary>
    public long InflatedBytes { get; init; } = 2L << 30;
}
