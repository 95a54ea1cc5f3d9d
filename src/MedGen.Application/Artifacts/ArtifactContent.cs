namespace MedGen.Application.Artifacts;

/// <summary>An artifact with its content open for reading. Whoever asked for it disposes it.</summary>
/// <param name="artifact">What is known of it.</param>
/// <param name="content">Its content, seekable, read asynchronously; stays readable when the artifact is deleted meanwhile.</param>
public sealed class ArtifactContent(Artifact artifact, Stream content) : IAsyncDisposable
{
    private IDisposable? _held;

    /// <summary>What is known of it.</summary>
    public Artifact Artifact { get; } = artifact;

    /// <summary>Its content, seekable; stays readable when the artifact is deleted meanwhile.</summary>
    public Stream Content { get; } = content;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        _held?.Dispose();
    }

    /// <summary>The same content, which gives something back when it is disposed.</summary>
    internal ArtifactContent Holding(IDisposable held)
    {
        _held = held;
        return this;
    }
}
