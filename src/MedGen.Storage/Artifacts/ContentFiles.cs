using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;
using MedGen.Storage.Opening;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Artifacts;

/// <summary>The files under the artifacts: contents named by their SHA-256, and files in the making.</summary>
internal sealed class ContentFiles(DataFolder folder, StoreSpace space, IVolume volume, IOptions<MedGenStorageOptions> options)
{
    private const int BufferSize = 64 * 1024;

    // Of a content whose size nobody has declared.
    private const long BytesBetweenLooks = 16L << 20;

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

    /// <summary>Whether a text is a hash as contents are named by.</summary>
    public static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    public string GetPath(string sha256) => folder.ContentFile(sha256);

    public FileStream Open(string sha256) =>
        new(GetPath(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous);

    /// <summary>
    /// Says that a content comes or goes, before it does and before the record of that is safe: where a crash or a power cut comes in between, the
    /// next start knows whose file it is.
    /// </summary>
    /// <exception cref="ResourceExhaustedException">The disk is full, or cannot be written to.</exception>
    public void Announce(string sha256)
    {
        try
        {
            using (new FileStream(Announcement(sha256), DataFolder.NewFile(FileMode.Create)))
            {
            }

            volume.Settle(folder.Work);
        }
        catch (Exception exception) when (StoreSpace.Refusal(exception) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Takes the announcement back: file and records agree.</summary>
    public void Settle(string sha256) => File.Delete(Announcement(sha256));

    /// <summary>Deletes an announced content.</summary>
    public void Delete(string sha256)
    {
        string path = GetPath(sha256);
        if (File.Exists(path))
        {
            File.Delete(path);
            volume.Settle(Path.GetDirectoryName(path)!);
        }

        Settle(sha256);
    }

    /// <summary>Gives a finished file the name of its content, announced. It has that name after a power cut, too, when this returns.</summary>
    /// <returns>Whether it was moved; false: the content is there already.</returns>
    /// <exception cref="ResourceExhaustedException">The disk is full, or cannot be written to.</exception>
    public bool TryMoveIn(string path, string sha256)
    {
        string target = GetPath(sha256);
        if (File.Exists(target))
        {
            return false;
        }

        Announce(sha256);
        try
        {
            string second = Path.GetDirectoryName(target)!;
            DataFolder.CreateFolder(second);
            File.Move(path, target);
            volume.Settle(second);
            volume.Settle(Path.GetDirectoryName(second)!);
            volume.Settle(folder.Artifacts);
            return true;
        }
        catch (Exception exception) when (StoreSpace.Refusal(exception) is { } refusal)
        {
            // Announced, so that the next start takes away what may have come to its place.
            throw refusal;
        }
    }

    private string Announcement(string sha256) => Path.Combine(folder.Work, sha256 + Leftovers.AnnouncementExtension);

    /// <summary>Puts a good file in the place of a damaged one of the same content; readers see the one or the other.</summary>
    public void Replace(string path, string sha256)
    {
        string target = GetPath(sha256);
        File.Move(path, target, overwrite: true);
        volume.Settle(Path.GetDirectoryName(target)!);
    }

    /// <summary>Whether a content is there and is not what its name says.</summary>
    public async Task<bool> IsDamagedAsync(string sha256, CancellationToken cancellationToken)
    {
        try
        {
            FileStream content = Open(sha256);
            await using ConfiguredAsyncDisposable contentDisposal = content.ConfigureAwait(false);
            return !await ContentIntegrity.MatchesAsync(content.SafeFileHandle, sha256, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Writes a new file, which is on disk when this returns.</summary>
    /// <exception cref="ResourceExhaustedException">The disk is full, or cannot be written to.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = new(path, DataFolder.NewFile());
            await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
            await file.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (StoreSpace.Refusal(exception) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Writes chunks to a new file and hashes them on the way; the file is on disk when this returns.</summary>
    /// <param name="path">A path where no file is.</param>
    /// <param name="declared">Bytes that are announced, which have their place before the first one comes; null: none are.</param>
    /// <param name="chunks">The content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ResourceExhaustedException">The content is over the limit, or there is no room for it.</exception>
    public async Task<(string Sha256, long Size)> ReceiveAsync(
        string path, long? declared, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken)
    {
        RequireSize(declared ?? 0);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        long nextLook = BytesBetweenLooks;
        try
        {
            FileStream file = space.Create(path, declared ?? 0);
            await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
            await foreach (ReadOnlyMemory<byte> chunk in chunks.WithCancellation(cancellationToken))
            {
                size += chunk.Length;
                RequireSize(size);
                if (declared is null && size >= nextLook)
                {
                    space.Require(0);
                    nextLook = size + BytesBetweenLooks;
                }

                hash.AppendData(chunk.Span);
                await file.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
            }

            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (StoreSpace.Refusal(exception) is { } refusal)
        {
            throw refusal;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
    }

    private void RequireSize(long bytes)
    {
        if (bytes > options.Value.MaxArtifactBytes)
        {
            throw new ResourceExhaustedException(
                "ARTIFACT_TOO_LARGE", $"The file has more than {options.Value.MaxArtifactBytes} bytes, which is the limit.");
        }
    }

    /// <summary>Hashes a finished file and makes it readable for this user only.</summary>
    public static async Task<(string Sha256, long Size)> HashAsync(string path, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        FileStream content = File.OpenRead(path);
        await using ConfiguredAsyncDisposable contentDisposal = content.ConfigureAwait(false);
        return (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)), content.Length);
    }
}
