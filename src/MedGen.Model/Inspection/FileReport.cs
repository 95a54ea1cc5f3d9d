using MedGen.Model.Checkpoints;

namespace MedGen.Model.Inspection;

/// <summary>What is known of one file of weights from its header.</summary>
public sealed record FileReport
{
    /// <summary>Name of the file.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required WeightPart Part { get; init; }

    /// <summary>Bytes on disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that the header describes and the file lacks; 0: the data is whole.</summary>
    public required long MissingBytes { get; init; }

    /// <summary>In which forms its weights are stored.</summary>
    public required IReadOnlyList<FormReport> Forms { get; init; }

    /// <summary>Sizes of the part by name; empty where the part cannot be made of the file.</summary>
    public required IReadOnlyDictionary<string, string> Dimensions { get; init; }

    /// <summary>What is in the file and not used.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>What keeps it from loading, one sentence each; empty: it loads.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Number of values in all weights.</summary>
    public long Parameters => Forms.Sum(form => form.Parameters);
}
