namespace MedGen.Application.Artifacts;

/// <summary>An artifact with its content open for reading. Whoever asked for it disposes it.</summary>
/// <param name="artifact">What is known of it.</param>
/// <param name="content">Its content, seekable; stays readable when the artifact is deleted meanwhile.</param>
public sealed class ArtifactContent(Artifact artifact, Stream content) : IAsyncDisposable
{
    /// <summary>What is known of it.</summary>
    public Artifact Artifact { get; } = artifact;

    /// <summary>Its content, seekable; stays readable when the artifact is deleted meanwhile.</summary>
    public Stream Content { get; } = content;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
