using MedGen.Model.Sizing;

namespace MedGen.Model.Inspection;

/// <summary>What a model folder holds.</summary>
public sealed record ModelReport
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Variant by the transformer's dimensions, or <c>custom</c>; <c>none</c> without a transformer.</summary>
    public required string Variant { get; init; }

    /// <summary>Layout of the folder.</summary>
    public required string Layout { get; init; }

    /// <summary>Whether the weights are trained.</summary>
    public required bool IsTrained { get; init; }

    /// <summary>How the fine-tune beside the base is applied: <c>adapter</c>, <c>full weights</c>, or null without one.</summary>
    public required string? FineTune { get; init; }

    /// <summary>The parts that are there.</summary>
    public required IReadOnlyList<PartReport> Parts { get; init; }

    /// <summary>What the folder states and the platform does not do, one sentence each.</summary>
    public required IReadOnlyList<string> Unsupported { get; init; }

    /// <summary>What is missing, one sentence each.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Cost of one clip; null without a transformer.</summary>
    public required GenerationCost? Cost { get; init; }

    /// <summary>What loading took; null: nothing was loaded.</summary>
    public LoadReport? Load { get; init; }
}
