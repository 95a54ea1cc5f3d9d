namespace MedGen.Model.Inspection;

/// <summary>What is known of one part of a model from its headers.</summary>
public sealed record PartReport
{
    /// <summary>Name of the part: <c>transformer</c>, <c>fine-tune</c>, <c>autoencoder</c> or <c>text encoder</c>.</summary>
    public required string Part { get; init; }

    /// <summary>File names.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Number of values in all tensors.</summary>
    public required long Parameters { get; init; }

    /// <summary>Number types in the files, for instance <c>BF16</c>.</summary>
    public required IReadOnlyList<string> DataTypes { get; init; }

    /// <summary>Bytes on disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that the headers describe and the files lack; 0: the data is whole.</summary>
    public required long MissingBytes { get; init; }

    /// <summary>Dimensions by name.</summary>
    public required IReadOnlyDictionary<string, string> Dimensions { get; init; }
}
