using System.Text.Json.Serialization;

namespace MedGen.Application.Dicom;

/// <summary>One analysis that a rule asks for.</summary>
public sealed record DicomTask
{
    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Artifact that is analysed.</summary>
    public required string ArtifactId { get; init; }

    /// <summary>Artifacts of the other slices, where a series is analysed as one clip.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>All artifacts that are analysed.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Artifacts => [ArtifactId, .. Slices];

    /// <summary>Task of the analyzer.</summary>
    public required string Task { get; init; }

    /// <summary>Id of the plugin that analyses; null: the one that serves the task.</summary>
    public string? Plugin { get; init; }

    /// <summary>Results that are wanted.</summary>
    public required IReadOnlyList<DicomResultKind> Results { get; init; }

    /// <summary>Names of the archives that get them.</summary>
    public required IReadOnlyList<string> SendTo { get; init; }

    /// <summary>The job; null: it has not begun.</summary>
    public string? JobId { get; init; }

    /// <summary>Whether it has ended, well or not.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Reason code of its failure; null: it has not failed.</summary>
    public string? Failure { get; init; }

    /// <summary>Artifacts of the results.</summary>
    public IReadOnlyList<string> ResultArtifacts { get; init; } = [];
}
