using MedGen.Sdk.Errors;
using MedGen.Storage.Artifacts;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Storage.Maintenance;

/// <summary>
/// Reads contents and compares them with their hashes: what a disk has lost is found while a backup still has it. Nothing is changed.
/// </summary>
public static class StoreScrub
{
    /// <summary>Reads every content of a data folder; a host may run on it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="bytesPerSecond">How fast, at least 1; null: as fast as the disk is.</param>
    /// <param name="progress">Gets the share of the bytes that is read, 0 to 1; null: nobody asks.</param>
    /// <param name="time">The clock that the rate goes by.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="FailedPreconditionException">There is no such folder, or it is no data folder.</exception>
    /// <exception cref="DataLossException">The database is damaged.</exception>
    public static async Task<StoreReport> RunAsync(
        string folder, long? bytesPerSecond, IProgress<double>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        using StoreView view = StoreView.Open(folder);
        IReadOnlyList<StoredContent> contents = view.Read(StoredContent.ReadAll);
        long total = Math.Max(1, contents.Sum(content => content.Size));
        long read = 0;
        List<StoreFinding> findings = [];
        ReadRate rate = new(bytesPerSecond, time);
        foreach (StoredContent content in contents)
        {
            StoreFinding? finding = await LookAsync(view.Paths, content, rate, cancellationToken).ConfigureAwait(false);
            if (finding is not null && view.Read(content.IsNeeded))
            {
                findings.Add(finding);
            }

            read += content.Size;
            progress?.Report((double)read / total);
        }

        return new StoreReport { Folder = view.Paths.Root, InUse = view.IsInUse, Contents = contents.Count, Bytes = read, Findings = findings };
    }

    /// <summary>Reads one content.</summary>
    /// <returns>What is wrong with it; null: nothing.</returns>
    internal static async Task<StoreFinding?> LookAsync(
        DataPaths paths, StoredContent content, ReadRate rate, CancellationToken cancellationToken)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(
                paths.ContentFile(content.Sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
            return await ContentIntegrity.MatchesAsync(file, content.Sha256, rate, cancellationToken).ConfigureAwait(false)
                ? null
                : StoreFinding.Damaged(content);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return StoreFinding.Missing(content);
        }
        catch (IOException)
        {
            // The disk cannot read it: as lost as if it read something else.
            return StoreFinding.Damaged(content);
        }
    }
}
