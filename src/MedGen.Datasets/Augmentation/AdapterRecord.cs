using MedGen.Sdk.Augmentation;

namespace MedGen.Datasets.Augmentation;

/// <summary>What is known of an adapter that was trained for a run: a JSON file beside it.</summary>
public sealed record AdapterRecord
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 over everything that it depends on: model, options, seed, clips and captions.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of its file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Hash of the model that it was trained over.</summary>
    public required string ModelHash { get; init; }

    /// <summary>Index of its method in the specification.</summary>
    public required int Method { get; init; }

    /// <summary>Its class; null: it is the data set's.</summary>
    public string? Class { get; init; }

    /// <summary>How it was trained.</summary>
    public required TrainedAdapter Training { get; init; }

    /// <summary>Training clips that it has seen.</summary>
    public required int Clips { get; init; }

    /// <summary>Patients of those clips, in order.</summary>
    public required IReadOnlyList<string> Patients { get; init; }

    /// <summary>Losses.</summary>
    public required AdapterTrainingResult Loss { get; init; }
}
