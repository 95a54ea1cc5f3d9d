namespace MedGen.Model.Inspection;

/// <summary>What loading a folder's parts took.</summary>
public sealed record LoadReport
{
    /// <summary>Seconds until all parts were ready.</summary>
    public required double Seconds { get; init; }

    /// <summary>Bytes of the weights, in the number types in which they are kept.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>By how many bytes the process's resident memory grew; the weights' pages are mapped and come when they are used.</summary>
    public required long ResidentBytes { get; init; }
}
