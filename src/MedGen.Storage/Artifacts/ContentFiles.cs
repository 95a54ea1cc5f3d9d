using System.Security.Cryptography;
using MedGen.Abstractions.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Artifacts;

/// <summary>The files under the artifacts: contents named by their SHA-256, and files in the making.</summary>
internal sealed class ContentFiles(DataFolder folder, IOptions<MedGenStorageOptions> options)
{
    private const int BufferSize = 64 * 1024;

    // ENOSPC as the runtime reports it on Unix, ERROR_DISK_FULL on Windows.
    private const int UnixNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public long FreeBytes => new DriveInfo(folder.Work).AvailableFreeSpace;

    public string NewWorkFile(string extension) => Path.Combine(folder.Work, Guid.NewGuid().ToString("N") + extension);

    public string JobFolder(string jobId)
    {
        string path = Path.Combine(folder.Jobs, jobId);
        DataFolder.CreateFolder(path);
        return path;
    }

    public void DeleteJobFolder(string jobId)
    {
        string path = Path.Combine(folder.Jobs, jobId);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Deletes the folders of jobs that have ended, where a crash came before that.</summary>
    public void SweepJobs(IReadOnlySet<string> alive)
    {
        foreach (string path in Directory.EnumerateDirectories(folder.Jobs).Where(path => !alive.Contains(Path.GetFileName(path))).ToArray())
        {
            Directory.Delete(path, recursive: true);
        }
    }

    public string GetPath(string sha256) => Path.Combine(folder.Artifacts, sha256[..2], sha256[2..4], sha256);

    public FileStream Open(string sha256) =>
        new(GetPath(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous);

    public void Delete(string sha256) => File.Delete(GetPath(sha256));

    /// <summary>Gives a finished file the name of its content.</summary>
    /// <returns>Whether it was moved; false: the content is there already.</returns>
    public bool TryMoveIn(string path, string sha256)
    {
        string target = GetPath(sha256);
        if (File.Exists(target))
        {
            return false;
        }

        DataFolder.CreateFolder(Path.GetDirectoryName(target)!);
        File.Move(path, target);
        return true;
    }

    /// <summary>Writes a new file, which is on disk when this returns.</summary>
    /// <exception cref="ResourceExhaustedException">The disk is full.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream file = new(path, DataFolder.NewFile());
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        catch (IOException exception) when (exception.HResult is UnixNoSpace or WindowsDiskFull)
        {
            throw new ResourceExhaustedException("DISK_FULL", "The disk of the data folder is full; nothing of the file was kept.", TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Writes chunks to a new file and hashes them on the way; the file is on disk when this returns.</summary>
    /// <exception cref="ResourceExhaustedException">The content is over the limit, or the disk is full.</exception>
    public async Task<(string Sha256, long Size)> ReceiveAsync(
        string path, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        try
        {
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
        }
        catch (IOException exception) when (exception.HResult is UnixNoSpace or WindowsDiskFull)
        {
            throw new ResourceExhaustedException(
                "DISK_FULL", "The disk that holds the artifacts is full; nothing of the file was kept.", TimeSpan.FromMinutes(1));
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
    }

    /// <summary>Hashes a finished file and makes it readable for this user only.</summary>
    public static async Task<(string Sha256, long Size)> HashAsync(string path, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using FileStream content = File.OpenRead(path);
        return (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)), content.Length);
    }

    /// <summary>Deletes contents that are not among the known ones.</summary>
    /// <returns>Number of files deleted.</returns>
    public int Sweep(IReadOnlySet<string> known)
    {
        List<string> orphans =
            [.. Directory.EnumerateFiles(folder.Artifacts, "*", SearchOption.AllDirectories).Where(path => !known.Contains(Path.GetFileName(path)))];
        orphans.ForEach(File.Delete);
        return orphans.Count;
    }
}
