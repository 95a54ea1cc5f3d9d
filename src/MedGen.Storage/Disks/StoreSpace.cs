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

    // ENOSPC as the runtime reports it on Unix, ERROR_DISK_FULL on Windows.
    private const int UnixNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool IsDiskFull(IOException exception) => exception.HResult is UnixNoSpace or WindowsDiskFull;

    public static ResourceExhaustedException DiskFull() =>
        new("DISK_FULL", "The disk of the data folder is full; nothing of the file was kept.", RetryAfter);

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
            catch (IOException exception) when (IsDiskFull(exception))
            {
                throw DiskFull();
            }
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
            catch (IOException exception) when (IsDiskFull(exception))
            {
                // Taken meanwhile by somebody else; there will be a next time.
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
