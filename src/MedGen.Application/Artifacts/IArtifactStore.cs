using MedGen.Abstractions.Errors;
using MedGen.Application.Idempotency;

namespace MedGen.Application.Artifacts;

/// <summary>Artifacts on durable storage: contents by their hash, each kept once, and a record for each artifact.</summary>
public interface IArtifactStore
{
    /// <summary>Bytes that can still be written where the artifacts lie.</summary>
    long FreeBytes { get; }

    /// <summary>Stores content that arrives in chunks. Whatever goes wrong, nothing of it is left.</summary>
    /// <param name="artifact">What is known of it.</param>
    /// <param name="chunks">The content; a chunk is not used after the next one is asked for.</param>
    /// <param name="cancellationToken">Aborts.</param>
    /// <returns>The artifact.</returns>
    /// <exception cref="InvalidInputException">The content is empty, or its hash is not the expected one.</exception>
    /// <exception cref="ResourceExhaustedException">
    /// The content is over the limit (<c>ARTIFACT_TOO_LARGE</c>), or the disk is full (<c>DISK_FULL</c>).
    /// </exception>
    /// <exception cref="IdempotencyKeyTakenException">Another call with the same key came first.</exception>
    Task<Artifact> AddAsync(NewArtifact artifact, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken);

    /// <summary>Takes a finished file over. It is moved, not copied, and is gone from where it was, also when this fails.</summary>
    /// <param name="artifact">What is known of it.</param>
    /// <param name="path">The file; see <see cref="NewWorkFile"/>.</param>
    /// <param name="cancellationToken">Aborts.</param>
    /// <returns>The artifact.</returns>
    Task<Artifact> AdoptAsync(NewArtifact artifact, string path, CancellationToken cancellationToken);

    /// <summary>A path for a file in the making, on the same file system as the artifacts. Whoever asks for it moves or deletes the file.</summary>
    /// <param name="extension">Extension with its dot.</param>
    /// <returns>A full path where no file is.</returns>
    string NewWorkFile(string extension);

    /// <summary>
    /// A folder for what a job keeps until it has ended, also over a restart of the host; made when it is missing. It is deleted when the job ends.
    /// </summary>
    /// <param name="jobId">Id of the job.</param>
    /// <returns>A full path.</returns>
    string JobFolder(string jobId);

    /// <summary>Deletes a job's folder with all that is in it; nothing happens when there is none.</summary>
    /// <param name="jobId">Id of the job.</param>
    void DeleteJobFolder(string jobId);

    /// <summary>Looks an artifact up.</summary>
    /// <param name="artifactId">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The artifact; null: there is none with that id.</returns>
    Task<Artifact?> FindAsync(string artifactId, CancellationToken cancellationToken);

    /// <summary>Where the content lies. Read only; valid as long as the artifact cannot be deleted.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <returns>A full path without an extension.</returns>
    string GetPath(Artifact artifact);

    /// <summary>Opens the content.</summary>
    /// <param name="artifactId">Id of the artifact.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The artifact with its content.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such artifact.</exception>
    Task<ArtifactContent> OpenAsync(string artifactId, CancellationToken cancellationToken);

    /// <summary>Deletes an artifact, and the content with its last artifact.</summary>
    /// <param name="artifactId">Id of the artifact.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when it is gone.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such artifact.</exception>
    /// <exception cref="FailedPreconditionException">A job that waits or runs needs it (<c>ARTIFACT_IN_USE</c>).</exception>
    Task DeleteAsync(string artifactId, CancellationToken cancellationToken);
}
