namespace MedGen.Application.Cluster;

/// <summary>Contents that lie in the data folder alone.</summary>
public sealed class OwnContents : ISharedContents
{
    /// <inheritdoc />
    public bool IsShared => false;

    /// <inheritdoc />
    public string Place => "";

    /// <inheritdoc />
    public Task PutAsync(string artifactId, string path, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<bool> TryGetAsync(string artifactId, string path, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc />
    public Task DeleteAsync(string artifactId, CancellationToken cancellationToken) => Task.CompletedTask;
}
