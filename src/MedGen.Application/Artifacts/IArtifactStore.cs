using MedGen.Sdk.Errors;
using MedGen.Application.Idempotency;

namespace MedGen.Application.Artifacts;

/// <summary>Artifacts on durable storage: contents by their hash, each kept once, and a record for each artifact.</summary>
public interface IArtifactStore
{
    /// <summary>Makes sure that the disk has room for more files.</summary>
    /// <param name="bytes">Bytes that are to come; 0: it is not known how many.</param>
    /// <exception cref="ResourceExhaustedException">It has not (<c>DISK_FULL</c>).</exception>
    void RequireRoom(long bytes);

    /// <summary>How much a caller and its tenant store.</summary>
    /// <param name="owner">The caller.</param>
    /// <param name="tenant">Its tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sums.</returns>
    Task<StoredBytes> GetStoredBytesAsync(string owner, string tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Stores content that arrives in chunks. Whatever goes wrong, nothing of it is left. A stored content that is equal and has been damaged since
    /// is mended.
    /// </summary>
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

    /// <summary>
    /// Reads the content whole, compares it with its hash, and says where it lies. Read only; valid as long as the artifact cannot be deleted.
    /// </summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A full path without an extension.</returns>
    /// <exception cref="ResourceNotFoundException">It was deleted meanwhile.</exception>
    /// <exception cref="DataLossException">The content is damaged (<c>ARTIFACT_DAMAGED</c>) or gone (<c>ARTIFACT_MISSING</c>).</exception>
    Task<string> GetVerifiedPathAsync(Artifact artifact, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="GetVerifiedPathAsync"/>, for readers of parts who come again and again: content that was read whole before, and was not written
    /// since, is not read whole again.
    /// </summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A full path without an extension.</returns>
    /// <exception cref="ResourceNotFoundException">It was deleted meanwhile.</exception>
    /// <exception cref="DataLossException">The content is damaged (<c>ARTIFACT_DAMAGED</c>) or gone (<c>ARTIFACT_MISSING</c>).</exception>
    Task<string> GetPathForPartsAsync(Artifact artifact, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the content. Reading it fails with a <see cref="DataLossException"/> (<c>ARTIFACT_DAMAGED</c>) when it is not what was stored: before
    /// the last bytes when it is read from its beginning, before the first ones when it is not.
    /// </summary>
    /// <param name="artifactId">Id of the artifact.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The artifact with its content.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such artifact.</exception>
    /// <exception cref="DataLossException">The content is gone (<c>ARTIFACT_MISSING</c>) or has another size (<c>ARTIFACT_DAMAGED</c>).</exception>
    Task<ArtifactContent> OpenAsync(string artifactId, CancellationToken cancellationToken);

    /// <summary>Deletes an artifact, and the content with its last artifact.</summary>
    /// <param name="artifactId">Id of the artifact.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when it is gone.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such artifact.</exception>
    /// <exception cref="FailedPreconditionException">
    /// A job that waits or runs needs it (<c>ARTIFACT_IN_USE</c>), or it is on hold (<c>ARTIFACT_ON_HOLD</c>).
    /// </exception>
    Task DeleteAsync(string artifactId, CancellationToken cancellationToken);

    /// <summary>Deletes artifacts of a kind that are older than a time, but for those on hold and those that an open job needs.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="createdBefore">The time.</param>
    /// <param name="limit">The most, the oldest first.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Their ids.</returns>
    Task<IReadOnlyList<string>> DeleteOldAsync(ArtifactKind kind, DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Artifacts, newest first.</summary>
    /// <param name="query">Which artifacts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One page.</returns>
    /// <exception cref="InvalidInputException">The page token was not made by this store.</exception>
    Task<ArtifactPage> ListAsync(ArtifactQuery query, CancellationToken cancellationToken);

    /// <summary>Sets or lifts a legal hold.</summary>
    /// <param name="artifactId">Id of the artifact.</param>
    /// <param name="hold">The hold; null lifts it.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The artifact afterwards.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such artifact.</exception>
    Task<Artifact> SetHoldAsync(string artifactId, LegalHold? hold, CancellationToken cancellationToken);
}
