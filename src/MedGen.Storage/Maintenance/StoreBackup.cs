using MedGen.Sdk.Errors;
using MedGen.Storage.Auditing;
using MedGen.Storage.Database;
using MedGen.Storage.Opening;
using Microsoft.Data.Sqlite;

namespace MedGen.Storage.Maintenance;

/// <summary>
/// Copies a data folder while a host may run on it: the database by SQLite's online backup, which is one state of it, and every content that this
/// state has a record of. What is in the making stays out; a job that runs starts anew where the backup is restored.
/// </summary>
public static class StoreBackup
{
    // Each round meets only what was deleted during the one before: the second one nearly always finds nothing.
    private const int MostRounds = 10;

    /// <summary>Makes a backup.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="backup">Where to: a folder that is empty or not there.</param>
    /// <param name="dryRun">Whether to say only what would be written.</param>
    /// <param name="progress">Gets the share of the contents that is copied, 0 to 1; null: nobody asks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up; the folder is then no backup, and has to be emptied.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="FailedPreconditionException">There is no such data folder, or the backup's folder is not empty or lies in it.</exception>
    /// <exception cref="DataLossException">The database is missing or damaged.</exception>
    public static async Task<BackupReport> RunAsync(
        string folder, string backup, bool dryRun, IProgress<double>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        using StoreView view = StoreView.Open(folder);
        string target = Path.GetFullPath(backup);
        EmptyFolder.Require(target, "backup");
        if ((target + Path.DirectorySeparatorChar).StartsWith(view.Paths.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new FailedPreconditionException(
                "BACKUP_INSIDE",
                $"The backup '{target}' would lie in the data folder, and be lost with it; name a folder elsewhere, best on another disk.");
        }

        if (!view.HasDatabase)
        {
            throw new DataLossException("DATABASE_MISSING", $"The database '{view.Paths.DatabaseFile}' is missing or empty; nothing was written.");
        }

        BackupReport report = new()
        {
            Folder = view.Paths.Root,
            Backup = target,
            InUse = view.IsInUse,
            DryRun = dryRun,
            Files = 0,
            Bytes = 0,
            Findings = [],
        };
        if (dryRun)
        {
            IReadOnlyList<StoredContent> known = view.Read(StoredContent.ReadAll);
            IReadOnlyList<string> others = OtherFiles(view.Paths);
            long bytes = known.Sum(content => content.Size) + others.Append(view.Paths.DatabaseFile).Sum(file => new FileInfo(file).Length);
            return report with { Files = known.Count + others.Count + 1, Bytes = bytes };
        }

        DataFolder.CreateFolder(target);
        DataPaths copy = new(target);
        ContentCopies copies = new(view.Paths, copy);
        DateTimeOffset createdAt = default;
        for (int round = 1; ; round++)
        {
            if (round > MostRounds)
            {
                throw new UnavailableException(
                    "BACKUP_OVERTAKEN", "Artifacts are deleted faster than they are copied; try again when that has ended.");
            }

            createdAt = time.GetUtcNow();
            CopyAnchor(view.Paths, copy);
            await SnapshotAsync(view, copy.DatabaseFile, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<StoredContent> contents = SqliteFile.Read(copy.DatabaseFile, StoredContent.ReadAll);
            await copies.AddAsync(contents, progress, cancellationToken).ConfigureAwait(false);

            // Gone since the snapshot, by somebody's wish: the next one does not know them any more.
            if (copies.NotCopied.All(finding => view.Read(finding.Content.IsNeeded)))
            {
                copies.KeepOnly(contents);
                break;
            }

            copies.NotCopied.Clear();
        }

        List<BackupFile> files = [await HashAsync(copy, copy.DatabaseFile, cancellationToken).ConfigureAwait(false), .. copies.Files];
        if (File.Exists(AnchorOf(copy)))
        {
            files.Add(await HashAsync(copy, AnchorOf(copy), cancellationToken).ConfigureAwait(false));
        }

        foreach (string file in OtherFiles(view.Paths))
        {
            files.Add(await CopyAsync(view.Paths, copy, file, cancellationToken).ConfigureAwait(false));
        }

        new BackupManifest { CreatedAt = createdAt, Schema = StoredRecords.Look(copy.DatabaseFile)!.Schema, Files = files }.Write(target);
        return report with
        {
            Files = files.Count,
            Bytes = files.Sum(file => file.Bytes),
            Findings = [.. copies.NotCopied.Select(item => item.Finding)],
        };
    }

    private static async Task SnapshotAsync(StoreView view, string file, CancellationToken cancellationToken)
    {
        foreach (string old in new DataPaths(Path.GetDirectoryName(file)!).DatabaseFiles)
        {
            File.Delete(old);
        }

        using (new FileStream(file, DataFolder.NewFile()))
        {
        }

        // SQLite copies in one go; on a thread of its own, so that nobody waits for the disk.
        await Task.Run(
            () =>
            {
                using SqliteConnection source = view.Connect();
                using SqliteConnection target = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
                target.Open();
                source.BackupDatabase(target);

                // One file, which nothing beside it belongs to.
                using SqliteCommand command = target.CreateCommand();
                command.CommandText = "PRAGMA journal_mode = DELETE";
                command.ExecuteNonQuery();
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string AnchorOf(DataPaths paths) => Path.Combine(paths.Root, AuditAnchor.FileName);

    // Before the snapshot: an anchor that is behind the audit log is in order, one that is ahead tells that records were cut off.
    private static void CopyAnchor(DataPaths from, DataPaths to)
    {
        if (File.Exists(AnchorOf(from)))
        {
            byte[] anchor = File.ReadAllBytes(AnchorOf(from));
            using FileStream file = new(AnchorOf(to), DataFolder.NewFile(FileMode.Create));
            file.Write(anchor);
        }
    }

    // Settings, keys, archives of the audit log and the mark; the mark last, as a restored folder is ours only when it is whole.
    private static IReadOnlyList<string> OtherFiles(DataPaths paths) =>
    [
        .. Directory.GetFiles(paths.Root)
            .Concat(ArchivesOf(paths))
            .Where(file => file != paths.LockFile && file != paths.ReserveFile && !paths.DatabaseFiles.Contains(file))
            .Where(file => Path.GetFileName(file) is not (AuditAnchor.FileName or AuditAnchor.Unfinished))
            .OrderBy(file => Path.GetFileName(file) == FolderMark.FileName)
            .ThenBy(file => file, StringComparer.Ordinal),
    ];

    private static string[] ArchivesOf(DataPaths paths)
    {
        string folder = Path.Combine(paths.Root, AuditArchive.FolderName);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
    }

    private static async Task<BackupFile> CopyAsync(DataPaths from, DataPaths to, string file, CancellationToken cancellationToken)
    {
        string path = Path.GetRelativePath(from.Root, file);
        DataFolder.CreateFolder(Path.GetDirectoryName(Path.Combine(to.Root, path))!);
        (long bytes, string sha256) = await HashedCopy.RunAsync(file, Path.Combine(to.Root, path), cancellationToken).ConfigureAwait(false);
        return new BackupFile(path, bytes, sha256);
    }

    private static async Task<BackupFile> HashAsync(DataPaths paths, string file, CancellationToken cancellationToken)
    {
        (long bytes, string sha256) = await HashedCopy.RunAsync(file, null, cancellationToken).ConfigureAwait(false);
        return new BackupFile(Path.GetRelativePath(paths.Root, file), bytes, sha256);
    }
}
