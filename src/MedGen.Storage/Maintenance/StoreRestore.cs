using MedGen.Sdk.Errors;
using MedGen.Storage.Opening;

namespace MedGen.Storage.Maintenance;

/// <summary>Makes a data folder from a backup. Every file is compared with the hash that the backup names.</summary>
public static class StoreRestore
{
    private static readonly string DatabaseName = Path.GetFileName(new DataPaths("").DatabaseFile);

    /// <summary>Restores a backup.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="folder">The data folder to make: a folder that is empty or not there.</param>
    /// <param name="dryRun">Whether to compare only, and write nothing.</param>
    /// <param name="progress">Gets the share of the bytes that is read, 0 to 1; null: nobody asks.</param>
    /// <param name="cancellationToken">Gives up; what was written is deleted.</param>
    /// <returns>What was restored; findings are what the restored folder lacks, because the backup did.</returns>
    /// <exception cref="InvalidInputException">The folder is no backup.</exception>
    /// <exception cref="FailedPreconditionException">The data folder's place is not empty.</exception>
    /// <exception cref="DataLossException">A file of the backup is damaged or missing; nothing is restored.</exception>
    public static async Task<BackupReport> RunAsync(
        string backup, string folder, bool dryRun, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        string source = Path.GetFullPath(backup);
        string target = Path.GetFullPath(folder);
        BackupManifest manifest = BackupManifest.Read(source);
        EmptyFolder.Require(target, "data folder");
        long total = Math.Max(1, manifest.Files.Sum(file => file.Bytes));
        long read = 0;
        bool isNew = !Directory.Exists(target);
        try
        {
            if (!dryRun)
            {
                // For this user only, and with it all that is below.
                DataFolder.CreateFolder(target);
            }

            // The mark last, and the database before it: what is cut short before them is no data folder, and no host takes it for one.
            List<string> bad = [];
            foreach (BackupFile file in manifest.Files.OrderBy(file => file.Path == FolderMark.FileName ? 2 : file.Path == DatabaseName ? 1 : 0))
            {
                if (!await CopyAsync(file, source, dryRun ? null : target, cancellationToken).ConfigureAwait(false))
                {
                    bad.Add(file.Path);
                }

                read += file.Bytes;
                progress?.Report((double)read / total);
            }

            if (bad.Count > 0)
            {
                throw new DataLossException(
                    "BACKUP_DAMAGED",
                    $"Files of the backup '{source}' that are damaged or missing: {bad.Count}, the first is '{bad[0]}'. Nothing was restored; use "
                        + "another backup.");
            }
        }
        catch when (!dryRun)
        {
            Remove(target, isNew);
            throw;
        }

        return new BackupReport
        {
            Folder = target,
            Backup = source,
            InUse = false,
            DryRun = dryRun,
            Files = manifest.Files.Count,
            Bytes = read,
            Findings = dryRun ? [] : StoreCheck.Run(target, cancellationToken).Findings,
        };
    }

    private static async Task<bool> CopyAsync(BackupFile file, string source, string? target, CancellationToken cancellationToken)
    {
        string from = Path.Combine(source, file.Path);
        if (!File.Exists(from))
        {
            return false;
        }

        string? to = target is null ? null : Path.Combine(target, file.Path);
        if (to is not null)
        {
            DataFolder.CreateFolder(Path.GetDirectoryName(to)!);
        }

        return await HashedCopy.RunAsync(from, to, cancellationToken).ConfigureAwait(false) == (file.Bytes, file.Sha256);
    }

    private static void Remove(string target, bool isNew)
    {
        if (!Directory.Exists(target))
        {
            return;
        }

        foreach (string path in Directory.GetFileSystemEntries(target).Where(path => !FolderMark.BesideNothing.Contains(Path.GetFileName(path))))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        if (isNew)
        {
            Directory.Delete(target, recursive: true);
        }
    }
}
