using MedGen.Evaluation.VBench.Dimensions;

namespace MedGen.Evaluation.VBench.Results;

/// <summary>A row of the report: a dimension, and what measures it.</summary>
internal sealed record Measure
{
    /// <summary>What it is called; a dimension's own name only if its own network measures it.</summary>
    public required string Name { get; init; }

    /// <summary>The dimension of VBench.</summary>
    public required string Dimension { get; init; }

    /// <summary>The network, or what stands in for it.</summary>
    public required string Network { get; init; }

    /// <summary>SHA-256 of the network's file; null: there is none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether this is what VBench measures, so that its figure may stand beside published ones.</summary>
    public required bool IsUpstream { get; init; }

    /// <summary>Unit of the score.</summary>
    public string Unit { get; init; } = "%";

    /// <summary>Makes the dimension for a clip of a frame rate.</summary>
    public required Func<double, IClipDimension> Create { get; init; }

    /// <summary>What scores are kept under: another network gives others.</summary>
    public string Key => $"{Name} {Sha256}";
}
