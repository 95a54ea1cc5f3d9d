using System.Security.Cryptography;
using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Storage.Database;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Artifacts;

/// <summary>
/// Contents as files named by their SHA-256, records in the database. A file comes to its name by a rename inside the record's transaction and
/// leaves it after the last record is gone; what a crash leaves in between is swept at the next start.
/// </summary>
internal sealed class ArtifactStore(SqliteDatabase database, DataFolder folder, IOptions<MedGenStorageOptions> options, TimeProvider time) : IArtifactStore
{
    private const int BufferSize = 64 * 1024;

    // ENOSPC as the runtime reports it on Unix, ERROR_DISK_FULL on Windows.
    private const int UnixNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public long FreeBytes => new DriveInfo(folder.Work).AvailableFreeSpace;

    public async Task<Artifact> AddAsync(
        NewArtifact artifact, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken)
    {
        string path = NewWorkFile(".part");
        try
        {
            (string sha256, long size) = await ReceiveAsync(path, chunks, cancellationToken);
            return await StoreAsync(artifact, path, sha256, size, cancellationToken);
        }
        catch (IOException exception) when (IsDiskFull(exception))
        {
            throw DiskFull();
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
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            string sha256;
            long size;
            await using (FileStream content = File.OpenRead(path))
            {
                size = content.Length;
                sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            }

            return await StoreAsync(artifact, path, sha256, size, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public string NewWorkFile(string extension) => Path.Combine(folder.Work, Guid.NewGuid().ToString("N") + extension);

    public Task<Artifact?> FindAsync(string artifactId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session => Find(session, artifactId)));
    }

    public string GetPath(Artifact artifact) => GetPath(artifact.Sha256);

    public async Task<ArtifactContent> OpenAsync(string artifactId, CancellationToken cancellationToken)
    {
        Artifact artifact = await FindAsync(artifactId, cancellationToken) ?? throw new ResourceNotFoundException("artifact", artifactId);
        try
        {
            FileStream content = new(
                GetPath(artifact), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous);
            return new ArtifactContent(artifact, content);
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
                session.AfterCommit(() => File.Delete(GetPath(artifact)));
            }

            return true;
        },
        cancellationToken);

    /// <summary>Deletes contents that no record names: a crash came between a file's move and its record, or the other way round.</summary>
    /// <returns>Number of files deleted.</returns>
    public int Sweep()
    {
        HashSet<string> known = database.Read(session =>
            session.Query("SELECT DISTINCT sha256 FROM artifacts", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal));
        int deleted = 0;
        foreach (string path in Directory.EnumerateFiles(folder.Artifacts, "*", SearchOption.AllDirectories))
        {
            if (!known.Contains(Path.GetFileName(path)))
            {
                File.Delete(path);
                deleted++;
            }
        }

        return deleted;
    }

    private async Task<(string Sha256, long Size)> ReceiveAsync(
        string path, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        await using FileStream file = new(path, DataFolder.NewFile());
        await foreach (ReadOnlyMemory<byte> chunk in chunks.WithCancellation(cancellationToken))
        {
            size += chunk.Length;
            if (size > options.Value.MaxArtifactBytes)
            {
                throw new ResourceExhaustedException(
                    "ARTIFACT_TOO_LARGE", $"The file has more than {options.Value.MaxArtifactBytes} bytes, which is the limit.");
            }

            hash.AppendData(chunk.Span);
            await file.WriteAsync(chunk, cancellationToken);
        }

        file.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
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
                string target = GetPath(sha256);
                DataFolder.CreateFolder(Path.GetDirectoryName(target)!);
                if (!File.Exists(target))
                {
                    session.AfterRollback(() => File.Delete(target));
                    File.Move(path, target);
                }

                return artifact;
            },
            cancellationToken);
    }

    private static Artifact? Find(SqliteSession session, string artifactId) => session.Query(
        "SELECT document FROM artifacts WHERE id = $id",
        row => JsonSerializer.Deserialize<Artifact>(row.GetString(0), JobJson.Options)!,
        ("$id", artifactId)).SingleOrDefault();

    private string GetPath(string sha256) => Path.Combine(folder.Artifacts, sha256[..2], sha256[2..4], sha256);

    private static bool IsDiskFull(IOException exception) => exception.HResult is UnixNoSpace or WindowsDiskFull;

    private static ResourceExhaustedException DiskFull() =>
        new("DISK_FULL", "The disk that holds the artifacts is full; nothing of the file was kept.", TimeSpan.FromMinutes(1));
}
