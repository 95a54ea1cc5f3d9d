using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using MedGen.Storage.Disks;
using MedGen.Storage.Opening;

namespace MedGen.Storage.Maintenance;

/// <summary>The steps of one repair, in their order.</summary>
/// <param name="paths">The data folder, held by this process.</param>
/// <param name="backup">Where lost files are taken from; null: nowhere.</param>
/// <param name="dryRun">Whether to say only what would be done.</param>
/// <param name="time">The clock.</param>
internal sealed class RepairRun(DataPaths paths, DataPaths? backup, bool dryRun, TimeProvider time)
{
    private readonly Quarantine _quarantine = new(paths, time);
    private readonly List<RepairAction> _actions = [];

    public IReadOnlyList<RepairAction> Actions => _actions;

    /// <summary>Whether the steps after the first one have a database to go by; a dry run does not put one back.</summary>
    public bool HasDatabase { get; private set; } = true;

    /// <summary>Puts the backup's database in the place of one that is lost.</summary>
    public void Database()
    {
        if (WhatIsWrong() is not { } wrong)
        {
            return;
        }

        if (backup is null)
        {
            throw new FailedPreconditionException(
                "DATABASE_LOST",
                $"The database '{paths.DatabaseFile}' cannot be used: {wrong} Name a backup with --from; without one, copy the folder, and "
                    + "'sqlite3 medgen.db .recover' may save most of the database. Nothing was changed.");
        }

        foreach (string file in paths.DatabaseFiles.Where(File.Exists))
        {
            SetAside(file, wrong);
        }

        PutBack(backup.DatabaseFile, paths.DatabaseFile, "The backup's database takes the place of the lost one.");
        HasDatabase = !dryRun;
    }

    /// <summary>Marks a folder whose mark is missing or broken, or tells of another schema than the database has.</summary>
    public void Mark()
    {
        int schema = StoredRecords.Look(paths.DatabaseFile)!.Schema;
        FolderMark? mark = null;
        string reason = "The mark was missing.";
        try
        {
            mark = FolderMark.Find(paths.Root);
            reason = mark is null ? reason : "The mark told of another schema than the database has.";
        }
        catch (FailedPreconditionException)
        {
            reason = "The mark was broken.";
            SetAside(Path.Combine(paths.Root, FolderMark.FileName), reason);
        }

        if (mark?.Schema != schema)
        {
            Note(RepairActionKind.Marked, Path.Combine(paths.Root, FolderMark.FileName), reason);
            if (!dryRun)
            {
                ((mark ?? FolderMark.New()) with { Schema = schema }).Write(paths.Root);
            }
        }
    }

    /// <summary>Moves files away that the database does not know, and that no crash explains.</summary>
    public void FilesWithoutRecord()
    {
        foreach (string path in Leftovers.Find(paths, StoredRecords.Look(paths.DatabaseFile)!).WithoutRecord)
        {
            SetAside(path, "The database has no record of it.");
        }
    }

    /// <summary>Moves damaged contents away, and puts back what the backup has.</summary>
    public async Task ContentsAsync(CancellationToken cancellationToken)
    {
        foreach (StoredContent content in SqliteFile.Read(paths.DatabaseFile, StoredContent.ReadAll))
        {
            StoreFinding? finding = await StoreScrub.LookAsync(paths, content, ReadRate.Unlimited, cancellationToken).ConfigureAwait(false);
            if (finding is null)
            {
                continue;
            }

            string file = paths.ContentFile(content.Sha256);
            if (finding.Kind == StoreFindingKind.ContentDamaged)
            {
                SetAside(file, finding.Message);
            }

            if (backup is not null
                && await StoreScrub.LookAsync(backup, content, ReadRate.Unlimited, cancellationToken).ConfigureAwait(false) is null)
            {
                PutBack(backup.ContentFile(content.Sha256), file, "The backup has the content as it was stored.");
            }
        }
    }

    private string? WhatIsWrong()
    {
        try
        {
            if (StoredRecords.Look(paths.DatabaseFile) is null)
            {
                return "it is missing, or empty.";
            }

            string answer = SqliteFile.Read(paths.DatabaseFile, session => session.Scalar<string>("PRAGMA integrity_check(1)"))!;
            return answer == "ok" ? null : $"SQLite reports: {answer}.";
        }
        catch (DataLossException exception)
        {
            return $"SQLite reports: {exception.InnerException!.Message}";
        }
    }

    private void SetAside(string path, string reason)
    {
        Note(RepairActionKind.MovedToQuarantine, path, reason);
        if (!dryRun)
        {
            _quarantine.Add(path);
        }
    }

    // Whole or not at all: a repair that is cut short is run again.
    private void PutBack(string from, string to, string reason)
    {
        Note(RepairActionKind.PutBack, to, reason);
        if (dryRun)
        {
            return;
        }

        string unfinished = Path.Combine(paths.Work, $"{Guid.NewGuid():N}.new");
        DataFolder.CreateFolder(paths.Work);
        DataFolder.CreateFolder(Path.GetDirectoryName(to)!);
        using (FileStream source = File.OpenRead(from))
        using (FileStream target = new(unfinished, DataFolder.NewFile(FileMode.Create)))
        {
            source.CopyTo(target);
            target.Flush(flushToDisk: true);
        }

        File.Move(unfinished, to, overwrite: true);
        DurableNames.Flush(Path.GetDirectoryName(to)!);
    }

    private void Note(RepairActionKind kind, string path, string reason) =>
        _actions.Add(new RepairAction { Kind = kind, Path = Path.GetRelativePath(paths.Root, path), Reason = reason });
}
