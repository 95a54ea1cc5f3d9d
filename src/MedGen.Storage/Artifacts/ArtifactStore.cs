using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Storage.Database;

namespace MedGen.Storage.Artifacts;

/// <summary>
/// Contents as files named by their SHA-256, records in the database. A file comes to its name by a rename inside the record's transaction and
/// leaves it after the last record is gone; what a crash leaves in between is swept at the next start.
/// </summary>
internal sealed class ArtifactStore(SqliteDatabase database, ContentFiles files, TimeProvider time) : IArtifactStore
{
    public long FreeBytes => files.FreeBytes;

    public async Task<Artifact> AddAsync(
        NewArtifact artifact, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken)
    {
        string path = NewWorkFile(".part");
        try
        {
            (string sha256, long size) = await files.ReceiveAsync(path, chunks, cancellationToken);
            return await StoreAsync(artifact, path, sha256, size, cancellationToken);
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
            (string sha256, long size) = await ContentFiles.HashAsync(path, cancellationToken);
            return await StoreAsync(artifact, path, sha256, size, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public string NewWorkFile(string extension) => files.NewWorkFile(extension);

    public string JobFolder(string jobId) => files.JobFolder(jobId);

    public void DeleteJobFolder(string jobId) => files.DeleteJobFolder(jobId);

    public Task<Artifact?> FindAsync(string artifactId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session => Find(session, artifactId)));
    }

    public string GetPath(Artifact artifact) => files.GetPath(artifact.Sha256);

    public async Task<ArtifactContent> OpenAsync(string artifactId, CancellationToken cancellationToken)
    {
        Artifact artifact = await FindAsync(artifactId, cancellationToken) ?? throw new ResourceNotFoundException("artifact", artifactId);
        try
        {
            return new ArtifactContent(artifact, files.Open(artifact.Sha256));
        }
        catch (FileNotFoundException)
        {
            // Deleted between the look and the opening.
            throw new ResourceNotFoundException("artifact", artifactId);
        }
    }

    public async Task DeleteAsync(string artifactId, CancellationToken cancellationToken) => await database.WriteAsync(
        session =>
        {
            Artifact artifact = Find(session, artifactId) ?? throw new ResourceNotFoundException("artifact", artifactId);
            string? user = session.Scalar<string>(
                """
                SELECT jobs.id FROM job_inputs JOIN jobs ON jobs.id = job_inputs.job_id
                WHERE job_inputs.artifact_id = $id AND jobs.state IN ('Queued', 'Running') LIMIT 1
                """,
                ("$id", artifactId));
            if (user is not null)
            {
                throw new FailedPreconditionException(
                    "ARTIFACT_IN_USE", $"The artifact '{artifactId}' is needed by the job '{user}'; cancel it or wait for its end.");
            }

            session.Execute("DELETE FROM artifacts WHERE id = $id", ("$id", artifactId));
            if (session.Scalar<long>("SELECT count(*) FROM artifacts WHERE sha256 = $hash", ("$hash", artifact.Sha256)) == 0)
            {
                session.AfterCommit(() => files.Delete(artifact.Sha256));
            }

            return true;
        },
        cancellationToken);

    /// <summary>
    /// Deletes contents that no record names: a crash came between a file's move and its record, or the other way round. Also what jobs that have ended left.
    /// </summary>
    /// <returns>Number of files deleted.</returns>
    public int Sweep()
    {
        HashSet<string> known = database.Read(session =>
            session.Query("SELECT DISTINCT sha256 FROM artifacts", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal));
        HashSet<string> alive = database.Read(session =>
            session.Query("SELECT id FROM jobs WHERE state IN ('Queued', 'Running')", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal));
        files.SweepJobs(alive);
        return files.Sweep(known);
    }

    private Task<Artifact> StoreAsync(NewArtifact request, string path, string sha256, long size, CancellationToken cancellationToken)
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
            Provenance = request.Provenance,
            HoldsSynthetic = request.HoldsSynthetic,
        };
        return database.WriteAsync(
            session =>
            {
                session.Execute(
                    "INSERT INTO artifacts (id, sha256, document) VALUES ($id, $hash, $document)",
                    ("$id", artifact.Id),
                    ("$hash", sha256),
                    ("$document", JsonSerializer.Serialize(artifact, JobJson.Options)));
                IdempotencyKeys.Write(session, request.Claim, artifactId: artifact.Id);
                if (files.TryMoveIn(path, sha256))
                {
                    session.AfterRollback(() => files.Delete(sha256));
                }

                return artifact;
            },
            cancellationToken);
    }

    private static Artifact? Find(SqliteSession session, string artifactId) => session.Query(
        "SELECT document FROM artifacts WHERE id = $id",
        row => JsonSerializer.Deserialize<Artifact>(row.GetString(0), JobJson.Options)!,
        ("$id", artifactId)).SingleOrDefault();
}
