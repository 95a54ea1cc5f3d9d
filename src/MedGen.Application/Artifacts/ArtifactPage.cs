namespace MedGen.Application.Artifacts;

/// <summary>One page of a list of artifacts.</summary>
public sealed record ArtifactPage
{
    /// <summary>The artifacts, newest first.</summary>
    public required IReadOnlyList<Artifact> Artifacts { get; init; }

    /// <summary>Asks for the next page; null: this was the last one.</summary>
    public string? NextPageToken { get; init; }
}
