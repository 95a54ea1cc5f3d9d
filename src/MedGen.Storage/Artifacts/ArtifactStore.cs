using System.Runtime.CompilerServices;
using MedGen.Application.Artifacts;
using MedGen.Application.Cluster;
using MedGen.Sdk.Errors;
using MedGen.Storage.Cluster;
using MedGen.Storage.Database;
using MedGen.Storage.Disks;

namespace MedGen.Storage.Artifacts;

/// <summary>
/// Contents as files named by their SHA-256, records in the database. A file comes to its name by a rename inside the record's transaction and
/// leaves it after the last record is gone; what a crash leaves in between was announced before, and is swept at the next start. What is read is
/// compared with its hash. In a cluster the files are copies of contents that all hosts share, fetched when they are first read.
/// </summary>
internal sealed class ArtifactStore(
    StoreDatabase database,
    ContentFiles files,
    ContentRemoval removal,
    ContentIntegrity integrity,
    StoreSpace space,
    ISharedContents shared,
    ContentRemovals removals,
    LocalCopies copies,
    JobClaims claims,
    TimeProvider time)
    : IArtifactStore
{
    public void RequireRoom(long bytes) => space.Require(bytes);

    public async Task<Artifact> AddAsync(
        NewArtifact artifact, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken)
    {
        string path = NewWorkFile(".part");
        try
        {
            (string sha256, long size) = await files.ReceiveAsync(path, artifact.Size, chunks, cancellationToken).ConfigureAwait(false);
            return await StoreAsync(artifact, path, sha256, size, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task<Artifact> AdoptAsync(NewArtifact artifact, string path, CancellationToken cancellationToken)
    {
        try
        {
            (string sha256, long size) = await ContentFiles.HashAsync(path, cancellationToken).ConfigureAwait(false);
            return await StoreAsync(artifact, path, sha256, size, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public string NewWorkFile(string extension) => files.NewWorkFile(extension);

    public string JobFolder(string jobId) => files.JobFolder(jobId);

    public void DeleteJobFolder(string jobId) => files.DeleteJobFolder(jobId);

    public Task<StoredBytes> GetStoredBytesAsync(string owner, string tenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session => session.Query(
            "SELECT coalesce(sum(size) FILTER (WHERE owner = @owner), 0), coalesce(sum(size), 0) FROM artifacts WHERE tenant = @tenant",
            row => new StoredBytes { OfOwner = row.GetInt64(0), OfTenant = row.GetInt64(1) },
            ("@owner", owner),
            ("@tenant", tenant)).Single()));
    }

    public Task<Artifact?> FindAsync(string artifactId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.ReadOne(session => Find(session, artifactId)));
    }

    public Task<string> GetVerifiedPathAsync(Artifact artifact, CancellationToken cancellationToken) =>
        GetPathAsync(artifact, mayRemember: false, cancellationToken);

    public Task<string> GetPathForPartsAsync(Artifact artifact, CancellationToken cancellationToken) =>
        GetPathAsync(artifact, mayRemember: true, cancellationToken);

    public async Task<ArtifactContent> OpenAsync(string artifactId, CancellationToken cancellationToken)
    {
        Artifact artifact = await FindAsync(artifactId, cancellationToken).ConfigureAwait(false)
            ?? throw new ResourceNotFoundException("artifact", artifactId);
        return new ArtifactContent(
            artifact, new VerifiedStream(await OpenAsync(artifact, cancellationToken).ConfigureAwait(false), artifact, integrity));
    }

    public async Task DeleteAsync(string artifactId, CancellationToken cancellationToken) => await database.WriteUrgentAsync(
        session =>
        {
            Artifact artifact = Find(session, artifactId) ?? throw new ResourceNotFoundException("artifact", artifactId);
            if (artifact.Hold is { } hold)
            {
                throw new FailedPreconditionException(
                    "ARTIFACT_ON_HOLD", $"The artifact '{artifactId}' is under legal hold since {hold.At:u}; an administrator has to lift it first.");
            }

            if (ContentRemoval.FindUser(session, artifactId) is { } user)
            {
                throw new FailedPreconditionException(
                    "ARTIFACT_IN_USE", $"The artifact '{artifactId}' is needed by the job '{user}'; cancel it or wait for its end.");
            }

            if (session.Scalar<string>(
                "SELECT archive FROM dicom_deliveries WHERE artifact_id = @id AND state = 'Waiting' LIMIT 1", ("@id", artifactId)) is { } archive)
            {
                throw new FailedPreconditionException("ARTIFACT_IN_USE", $"The artifact '{artifactId}' waits for the archive '{archive}'.");
            }

            removal.Remove(session, artifact);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public Task<IReadOnlyList<string>> DeleteOldAsync(
        ArtifactKind kind, DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken) =>
        database.WriteUrgentAsync<IReadOnlyList<string>>(
            session =>
            {
                List<Artifact> old = session.Query(
                    """
                    SELECT document FROM artifacts
                    WHERE created_at < @before AND kind = @kind AND NOT held AND NOT EXISTS (
                        SELECT 1 FROM job_inputs JOIN jobs ON jobs.id = job_inputs.job_id
                        WHERE job_inputs.artifact_id = artifacts.id AND jobs.state IN ('Queued', 'Running'))
                      AND NOT EXISTS (SELECT 1 FROM dicom_deliveries WHERE artifact_id = artifacts.id AND state = 'Waiting')
                    ORDER BY created_at LIMIT @limit
                    """,
                    ArtifactRows.Map,
                    ("@before", ArtifactRows.Text(createdBefore)),
                    ("@kind", kind.ToString()),
                    ("@limit", limit));
                old.ForEach(artifact => removal.Remove(session, artifact));
                return [.. old.Select(artifact => artifact.Id)];
            },
            cancellationToken);

    public Task<ArtifactPage> ListAsync(ArtifactQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session => ArtifactRows.List(session, query)));
    }

    public Task<Artifact> SetHoldAsync(string artifactId, LegalHold? hold, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            Artifact artifact = Find(session, artifactId) ?? throw new ResourceNotFoundException("artifact", artifactId);
            Artifact changed = artifact with { Hold = hold };
            session.Execute(
                "UPDATE artifacts SET document = @document WHERE id = @id", ("@id", artifactId), ("@document", ArtifactRows.Format(changed)));
            return changed;
        },
        cancellationToken);

    private async Task<string> GetPathAsync(Artifact artifact, bool mayRemember, CancellationToken cancellationToken)
    {
        FileStream content = await OpenAsync(artifact, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable contentDisposal = content.ConfigureAwait(false);
        await integrity.RequireAsync(content.SafeFileHandle, artifact, mayRemember, cancellationToken).ConfigureAwait(false);
        return files.GetPath(artifact.Sha256);
    }

    private async Task<FileStream> OpenAsync(Artifact artifact, CancellationToken cancellationToken)
    {
        FileStream content;
        copies.Use(artifact.Sha256);
        try
        {
            if (shared.IsShared && !File.Exists(files.GetPath(artifact.Sha256)))
            {
                await FetchAsync(artifact, cancellationToken).ConfigureAwait(false);
                copies.Use(artifact.Sha256);
            }

            content = files.Open(artifact.Sha256);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A record goes before its file: without one, somebody has deleted the artifact since it was looked up.
            throw await FindAsync(artifact.Id, cancellationToken).ConfigureAwait(false) is null
                ? new ResourceNotFoundException("artifact", artifact.Id)
                : integrity.Missing(artifact, (IOException)exception);
        }

        if (content.Length == artifact.Size)
        {
            return content;
        }

        await content.DisposeAsync().ConfigureAwait(false);
        throw integrity.Damaged(artifact);
    }

    // A copy of a shared content; none where there is none, or it is not what was stored.
    private async Task FetchAsync(Artifact artifact, CancellationToken cancellationToken)
    {
        space.Require(artifact.Size);
        string path = NewWorkFile(".part");
        try
        {
            if (!await shared.TryGetAsync(artifact.Id, path, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            (string sha256, _) = await ContentFiles.HashAsync(path, cancellationToken).ConfigureAwait(false);
            if (sha256 != artifact.Sha256)
            {
                throw integrity.Damaged(artifact);
            }

            // A write: an artifact that is deleted meanwhile leaves no copy.
            await database.WriteAsync(
                session => Find(session, artifact.Id) is not null && files.TryMoveIn(path, sha256) && Settled(session, sha256), cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private bool Settled(StoreSession session, string sha256)
    {
        session.AfterCommit(() => files.Settle(sha256));
        return true;
    }

    private async Task<Artifact> StoreAsync(NewArtifact request, string path, string sha256, long size, CancellationToken cancellationToken)
    {
        if (size == 0)
        {
            throw new InvalidInputException("content", "The file is empty.");
        }

        if (request.ExpectedSha256 is { } expected && !string.Equals(expected, sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException("sha256", $"The content has the hash {sha256}, but {expected} was declared.");
        }

        DateTimeOffset now = time.GetUtcNow();
        Artifact artifact = new()
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            FileName = request.FileName,
            MediaType = request.MediaType,
            Size = size,
            Sha256 = sha256,
            CreatedAt = now,
            Owner = request.Owner,
            Tenant = request.Tenant,
            Patient = request.Patient,
            JobId = request.JobId,
            Provenance = request.Provenance,
            SignedProvenance = request.SignedProvenance,
            HoldsSynthetic = request.HoldsSynthetic,
        };

        // Outside the transaction, for it may take seconds; what is good now is as good in it.
        bool isDamaged = await files.IsDamagedAsync(sha256, cancellationToken).ConfigureAwait(false);
        bool isMended = false;
        if (shared.IsShared)
        {
            await removals.ExpectAsync(artifact.Id, cancellationToken).ConfigureAwait(false);
            await shared.PutAsync(artifact.Id, path, cancellationToken).ConfigureAwait(false);
        }

        await database.WriteAsync(
            session =>
            {
                if (artifact.JobId is { } jobId)
                {
                    claims.Require(session, jobId);
                }

                if (shared.IsShared)
                {
                    ContentRemovals.Keep(session, artifact.Id);
                }

                artifact = ArtifactRows.Insert(session, artifact);
                IdempotencyKeys.Write(session, request.Claim, artifactId: artifact.Id);
                if (files.TryMoveIn(path, sha256))
                {
                    session.AfterCommit(() => files.Settle(sha256));
                    session.AfterRollback(() => files.Delete(sha256));
                }
                else if (isDamaged)
                {
                    // Good whatever becomes of this record: the content belongs to others, too.
                    files.Replace(path, sha256);
                    isMended = true;
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
        copies.Use(sha256);
        if (isMended)
        {
            integrity.Mended(artifact);
        }

        return artifact;
    }

    private static Artifact? Find(StoreSession session, string artifactId) => ArtifactRows.Find(session, artifactId);
}
