using System.Text.Json.Serialization;

namespace MedGen.Evaluation.Studies;

/// <summary>A clip that the report shows.</summary>
public sealed record StudySample
{
    /// <summary>The pool that it is from; "real": a training clip.</summary>
    public required string Pool { get; init; }

    /// <summary>Its label.</summary>
    public required string Label { get; init; }

    /// <summary>Prompt or caption; null: none.</summary>
    public string? Prompt { get; init; }

    /// <summary>Where it comes from, in words.</summary>
    public required string Source { get; init; }

    /// <summary>The picture beside STUDY.md, with forward slashes.</summary>
    public required string FileName { get; init; }

    /// <summary>Four of its frames from left to right, first to last, as PNG.</summary>
    [JsonIgnore]
    public byte[] Png { get; init; } = [];
}
