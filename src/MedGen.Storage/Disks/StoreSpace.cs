using System.Globalization;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Disks;

/// <summary>
/// Keeps the disk from filling up: what is new is refused while there is still room for what must go on, and a file of a known size has its bytes
/// before the first one comes. A reserve, given up when the disk is full all the same, lets deletions and audit records through.
/// </summary>
internal sealed class StoreSpace(DataFolder folder, IVolume volume, IOptions<MedGenStorageOptions> options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    // ENOSPC, EROFS and EIO as the runtime reports them on Unix, ERROR_DISK_FULL and ERROR_WRITE_PROTECT on Windows.
    private const int UnixNoSpace = 28;
    private const int UnixReadOnly = 30;
    private const int UnixFailing = 5;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsReadOnly = unchecked((int)0x80070013);

    /// <summary>What a caller is told when the disk refuses a write; null: the error is another one.</summary>
    public static ResourceExhaustedException? Refusal(Exception exception) => exception switch
    {
        IOException { HResult: UnixNoSpace or WindowsDiskFull } =>
            new("DISK_FULL", "The disk of the data folder is full; nothing of the file was kept.", RetryAfter),
        IOException { HResult: UnixReadOnly or UnixFailing or WindowsReadOnly } or UnauthorizedAccessException => NotWritable(),
        _ => null,
    };

    /// <summary>The disk takes nothing, whatever is free: its file system was remounted read-only, or it fails.</summary>
    public static ResourceExhaustedException NotWritable() => new(
        "DISK_NOT_WRITABLE",
        "The disk of the data folder cannot be written to: its file system is read-only, or the disk fails. Nothing of this was kept; what was "
            + "stored before is still there.",
        RetryAfter);

    public VolumeSpace Read() => volume.Read();

    /// <summary>Why nothing of a size may be taken.</summary>
    /// <param name="bytes">The size; 0: anything.</param>
    /// <returns>A sentence; null: there is room.</returns>
    public string? Shortage(long bytes)
    {
        VolumeSpace space = volume.Read();
        long kept = Math.Max(options.Value.MinFreeBytes, (long)(space.TotalBytes / 100.0 * options.Value.MinFreePercent));
        if (space.FreeBytes - bytes < kept)
        {
            string asked = bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $", {bytes} are asked for") : "";
            return string.Create(CultureInfo.InvariantCulture, $"{space.FreeBytes} bytes of the disk are free{asked}; {kept} have to stay free.");
        }

        long keptFiles = (long)((space.TotalFiles ?? 0) / 100.0 * options.Value.MinFreePercent);
        return space.FreeFiles < keptFiles
            ? string.Create(CultureInfo.InvariantCulture, $"The file system can hold {space.FreeFiles} more files; {keptFiles} have to stay free.")
            : null;
    }

    /// <exception cref="ResourceExhaustedException">There is no room (<c>DISK_FULL</c>).</exception>
    public void Require(long bytes)
    {
        if (Shortage(bytes) is { } shortage)
        {
            throw new ResourceExhaustedException("DISK_FULL", shortage, RetryAfter);
        }
    }

    /// <summary>Makes a file for what comes in.</summary>
    /// <param name="path">A path where no file is.</param>
    /// <param name="bytes">Bytes that are declared; 0: none are.</param>
    /// <exception cref="ResourceExhaustedException">There is no room (<c>DISK_FULL</c>).</exception>
    public FileStream Create(string path, long bytes)
    {
        // One after the other: each sees what the one before it has taken.
        lock (_gate)
        {
            Require(bytes);
            try
            {
                return volume.Create(path, bytes);
            }
            catch (Exception exception) when (Refusal(exception) is { } refusal)
            {
                throw refusal;
            }
        }
    }

    /// <summary>Makes a file and deletes it, to see whether the disk takes any.</summary>
    /// <returns>Why it does not, in a sentence; null: it does.</returns>
    public string? WriteProblem()
    {
        string path = Path.Combine(folder.Work, Guid.NewGuid().ToString("N") + ".probe");
        try
        {
            volume.Create(path, 0).Dispose();
            File.Delete(path);
            return null;
        }
        catch (Exception exception) when (Refusal(exception) is { } refusal)
        {
            return refusal.Message;
        }
    }

    /// <summary>Makes the reserve where it is missing and there is room for it again.</summary>
    public void KeepReserve()
    {
        lock (_gate)
        {
            if (folder.IsReadOnly || options.Value.ReserveBytes == 0 || File.Exists(folder.ReserveFile)
                || volume.Read().FreeBytes < 2 * options.Value.ReserveBytes)
            {
                return;
            }

            try
            {
                volume.Create(folder.ReserveFile, options.Value.ReserveBytes).Dispose();
            }
            catch (Exception exception) when (Refusal(exception) is not null)
            {
                // Taken meanwhile by somebody else, or the disk fails; there will be a next time.
            }
        }
    }

    /// <summary>Gives the reserve up, so that what frees space can be written.</summary>
    /// <returns>Whether there was one.</returns>
    public bool ReleaseReserve()
    {
        lock (_gate)
        {
            bool had = File.Exists(folder.ReserveFile);
            File.Delete(folder.ReserveFile);
            return had;
        }
    }
}
