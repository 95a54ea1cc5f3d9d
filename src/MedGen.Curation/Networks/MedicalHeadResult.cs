using System.Text.Json.Serialization;

namespace MedGen.Curation.Networks;

/// <summary>A trained head and its figures on sources that it had not seen (five folds by source).</summary>
public sealed record MedicalHeadResult
{
    /// <summary>The head.</summary>
    [JsonIgnore]
    public required MedicalHead Head { get; init; }

    /// <summary>Files that the head was trained on: those with a permissive licence.</summary>
    public required int TrainedOn { get; init; }

    /// <summary>Sources in the evaluation.</summary>
    public required int Sources { get; init; }

    /// <summary>Medical clips and pictures in the evaluation.</summary>
    public required int Medical { get; init; }

    /// <summary>Those of them that a threshold of 0.5 keeps.</summary>
    public required int MedicalKept { get; init; }

    /// <summary>Everyday pictures in the evaluation.</summary>
    public required int Everyday { get; init; }

    /// <summary>Those of them that a threshold of 0.5 keeps.</summary>
    public required int EverydayKept { get; init; }
}
