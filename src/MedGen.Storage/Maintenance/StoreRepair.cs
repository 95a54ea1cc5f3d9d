using MedGen.Sdk.Errors;
using MedGen.Storage.Opening;

namespace MedGen.Storage.Maintenance;

/// <summary>
/// Makes a data folder usable again, and deletes nothing: what is damaged or unexplained goes to quarantine, and what a backup has takes its place.
/// No host may run on the folder.
/// </summary>
public static class StoreRepair
{
    /// <summary>Repairs a folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="backup">A backup to take the database and contents from, where the folder's own are lost; null: none.</param>
    /// <param name="dryRun">Whether to say only what would be done.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up between two files; the repair can be run again.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="FailedPreconditionException">
    /// There is no such folder, a host runs on it, or its database is lost (<c>DATABASE_LOST</c>) and no backup was named.
    /// </exception>
    /// <exception cref="InvalidInputException">The backup is none.</exception>
    public static async Task<RepairReport> RunAsync(
        string folder, string? backup, bool dryRun, TimeProvider time, CancellationToken cancellationToken)
    {
        using (StoreView view = StoreView.Open(folder))
        {
            if (view.IsInUse)
            {
                throw new FailedPreconditionException(
                    "DATA_FOLDER_IN_USE", $"A host runs on the data folder '{view.Paths.Root}'; stop it first. Nothing was changed.");
            }
        }

        DataPaths paths = new(Path.GetFullPath(folder));
        using FileStream held = FolderLock.Take(paths);
        if (backup is not null)
        {
            BackupManifest.Read(backup);
        }

        RepairRun run = new(paths, backup is null ? null : new DataPaths(Path.GetFullPath(backup)), dryRun, time);
        run.Database();
        if (run.HasDatabase)
        {
            run.Mark();
            run.FilesWithoutRecord();
            await run.ContentsAsync(cancellationToken).ConfigureAwait(false);
        }

        held.Dispose();
        return new RepairReport
        {
            Folder = paths.Root,
            DryRun = dryRun,
            Actions = run.Actions,
            Findings = StoreCheck.Run(folder, cancellationToken).Findings,
        };
    }
}
