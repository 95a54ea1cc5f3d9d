using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Storage.Maintenance;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen store check|scrub|repair|backup|restore</c>: the data folder itself, without a host.</summary>
internal static class StoreCommand
{
    public static Command Create() => new("store", "Checks, repairs, backs up and restores a data folder.")
    {
        Check(), Scrub(), Repair(), Backup(), Restore(),
    };

    private static Command Check()
    {
        (Option<string> data, Option<bool> json) = (DataDir(), JsonOption.Create());
        Command command = new(
            "check", "Compares the database, the jobs' event logs and the files with each other, beside a running host, too. Exit code 1: something "
                + "is wrong.") { data, json };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            Write(StoreCheck.Run(parsed.GetRequiredValue(data), cancellationToken), parsed.GetValue(json))));
        return command;
    }

    private static Command Scrub()
    {
        (Option<string> data, Option<bool> json) = (DataDir(), JsonOption.Create());
        Option<int?> rate = new("--rate") { Description = "MiB to read in a second, 1 to 100,000; default: as fast as the disk." };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 100_000)
            {
                result.AddError("--rate: allowed are 1 to 100,000 MiB a second.");
            }
        });
        Command command = new(
            "scrub", "Reads every stored file and compares it with its SHA-256, beside a running host, too. Exit code 1: something is wrong.")
        {
            data, rate, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool asJson = parsed.GetValue(json);
            long? bytesPerSecond = parsed.GetValue(rate) is { } mebibytes ? (long)mebibytes << 20 : null;
            StoreReport report = await Terminal.WithProgressAsync(asJson, show => StoreScrub.RunAsync(
                parsed.GetRequiredValue(data), bytesPerSecond, new Share("reading", show), TimeProvider.System, cancellationToken));
            return Write(report, asJson);
        });
        return command;
    }

    private static Command Repair()
    {
        (Option<string> data, Option<bool> dryRun, Option<bool> json) = (DataDir(), DryRun(), JsonOption.Create());
        Option<string?> from = new("--from") { Description = "A backup to take a lost database, and damaged or missing files, from." };
        Command command = new(
            "repair", "Moves what is damaged or unexplained to quarantine and puts back what a backup has. Deletes nothing; no host may run. Exit "
                + "code 1: something is still wrong.") { data, from, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RepairReport report = await StoreRepair.RunAsync(
                parsed.GetRequiredValue(data), parsed.GetValue(from), parsed.GetValue(dryRun), TimeProvider.System, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonLines.Write(report);
            }
            else
            {
                string verb = report.DryRun ? "would be " : "";
                foreach (RepairAction action in report.Actions)
                {
                    Terminal.Line($"{verb}{Describe(action.Kind)}: {action.Path}  {action.Reason}");
                }

                Write(report.Findings);
                Terminal.Line(report.Actions.Count == 0 ? $"There was nothing to repair in {report.Folder}." : $"{report.Actions.Count} {verb}done.");
            }

            return report.Findings.Count == 0 ? ExitCode.Success : ExitCode.Negative;
        });
        return command;
    }

    private static Command Backup()
    {
        (Option<string> data, Option<bool> dryRun, Option<bool> json) = (DataDir(), DryRun(), JsonOption.Create());
        Argument<string> backup = new("backup") { Description = "Where to: a folder that is empty or not there." };
        Command command = new(
            "backup", "Copies database and files, each with its SHA-256, beside a running host, too. Exit code 1: stored files were damaged or "
                + "missing, and are not in the backup.") { backup, data, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool asJson = parsed.GetValue(json);
            BackupReport report = await Terminal.WithProgressAsync(asJson, show => StoreBackup.RunAsync(
                parsed.GetRequiredValue(data), parsed.GetRequiredValue(backup), parsed.GetValue(dryRun), new Share("copying", show),
                TimeProvider.System, cancellationToken));
            return Write(report, report.DryRun ? "would be written to" : "written to", report.Backup, asJson);
        });
        return command;
    }

    private static Command Restore()
    {
        (Option<string> data, Option<bool> dryRun, Option<bool> json) = (DataDir(), DryRun(), JsonOption.Create());
        data.Description = "Data folder to make: a folder that is empty or not there.";
        Argument<string> backup = new("backup") { Description = "A backup made by 'medgen store backup'." };
        Command command = new(
            "restore", "Makes a data folder from a backup and compares every file with its SHA-256; with --dry-run it only compares. Exit code 10: "
                + "the backup is damaged; 1: it lacked files when it was made.") { backup, data, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool asJson = parsed.GetValue(json);
            BackupReport report = await Terminal.WithProgressAsync(asJson, show => StoreRestore.RunAsync(
                parsed.GetRequiredValue(backup), parsed.GetRequiredValue(data), parsed.GetValue(dryRun), new Share("reading", show),
                cancellationToken));
            return Write(report, report.DryRun ? "would be restored to" : "restored to", report.Folder, asJson);
        });
        return command;
    }

    private static Option<string> DataDir() =>
        new("--data-dir") { Description = "Data folder.", DefaultValueFactory = _ => DefaultFolders.Data };

    private static Option<bool> DryRun() => new("--dry-run") { Description = "Say what would be done, and change nothing." };

    private static int Write(StoreReport report, bool json)
    {
        if (json)
        {
            JsonLines.Write(report);
        }
        else
        {
            Write(report.Findings);
            string host = report.InUse ? ", beside a running host" : "";
            Terminal.Line($"{report.Findings.Count} findings; {report.Contents} files of {report.Bytes} bytes in {report.Folder}{host}.");
        }

        return report.IsClean ? ExitCode.Success : ExitCode.Negative;
    }

    private static int Write(BackupReport report, string done, string folder, bool json)
    {
        if (json)
        {
            JsonLines.Write(report);
        }
        else
        {
            Write(report.Findings);
            Terminal.Line($"{report.Files} files of {report.Bytes} bytes {done} {folder}.");
        }

        return report.Findings.Count == 0 ? ExitCode.Success : ExitCode.Negative;
    }

    private static void Write(IReadOnlyList<StoreFinding> findings)
    {
        foreach (StoreFinding finding in findings)
        {
            string artifacts = finding.ArtifactIds.Count == 0 ? "" : $" Artifacts: {string.Join(", ", finding.ArtifactIds)}.";
            Terminal.Line($"{finding.Kind}: {finding.Subject}  {finding.Message}{artifacts} -> {finding.Remedy}");
        }
    }

    private static string Describe(RepairActionKind kind) => kind switch
    {
        RepairActionKind.MovedToQuarantine => "moved to quarantine",
        RepairActionKind.PutBack => "put back",
        _ => "marked",
    };

    // Progress<T> would report on another thread, out of order.
    private sealed class Share(string description, Action<string, double> show) : IProgress<double>
    {
        public void Report(double value) => show(description, value);
    }
}
