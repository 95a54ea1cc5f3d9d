namespace MedGen.Evaluation.VBench.Results;

/// <summary>A dimension of all clips.</summary>
public sealed record BenchmarkScore
{
    /// <summary>What it is called; the dimension's own name only if VBench's network measured it.</summary>
    public required string Name { get; init; }

    /// <summary>The dimension of VBench.</summary>
    public required string Dimension { get; init; }

    /// <summary>The network, or what stands in for it.</summary>
    public required string Network { get; init; }

    /// <summary>SHA-256 of the network's file; null: there is none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether the figure may stand beside published ones.</summary>
    public required bool IsUpstream { get; init; }

    /// <summary>Unit of the score.</summary>
    public required string Unit { get; init; }

    /// <summary>The mean over clips, of consistencies over their frames; NaN: no clip is long enough.</summary>
    public required double Value { get; init; }

    /// <summary>Clips that are in the mean.</summary>
    public required int Clips { get; init; }
}
