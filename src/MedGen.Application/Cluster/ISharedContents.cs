using MedGen.Sdk.Errors;

namespace MedGen.Application.Cluster;

/// <summary>
/// Where the contents of artifacts lie that several hosts share. The files of each data folder are then copies. Each artifact has an object of its
/// own, so that none is deleted while another host stores the same content.
/// </summary>
public interface ISharedContents
{
    /// <summary>Whether contents are shared; otherwise the data folder has the only one.</summary>
    bool IsShared { get; }

    /// <summary>Where they lie, the same for all hosts of a cluster: <c>nats</c>, or <c>s3://BUCKET/PREFIX</c>; empty: they are not shared.</summary>
    string Place { get; }

    /// <summary>Stores a file; when this completes, no single server's end loses it.</summary>
    /// <param name="artifactId">Id of its artifact.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is stored.</returns>
    /// <exception cref="ResourceExhaustedException">The servers do not answer, or have no room (<c>CLUSTER_UNAVAILABLE</c>).</exception>
    Task PutAsync(string artifactId, string path, CancellationToken cancellationToken);

    /// <summary>Copies a content into a new file.</summary>
    /// <param name="artifactId">Id of its artifact.</param>
    /// <param name="path">A path where no file is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is there.</returns>
    /// <exception cref="ResourceExhaustedException">The servers do not answer (<c>CLUSTER_UNAVAILABLE</c>).</exception>
    Task<bool> TryGetAsync(string artifactId, string path, CancellationToken cancellationToken);

    /// <summary>Deletes a content; nothing happens when there is none.</summary>
    /// <param name="artifactId">Id of its artifact.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is gone.</returns>
    /// <exception cref="ResourceExhaustedException">The servers do not answer (<c>CLUSTER_UNAVAILABLE</c>).</exception>
    Task DeleteAsync(string artifactId, CancellationToken cancellationToken);
}
