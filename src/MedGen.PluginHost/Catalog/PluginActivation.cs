using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Loading;
using MedGen.PluginHost.Manifests;
using MedGen.PluginHost.Trust;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Catalog;

/// <summary>Chooses the version of a plugin that serves, loads it and switches to it.</summary>
internal sealed class PluginActivation(
    PluginLoading loading,
    PluginRetirement retirement,
    PluginSwitches switches,
    PluginTrials trials,
    PluginCallJournal journal,
    TrustCheck trust,
    ILogger<PluginActivation> logger)
{
    private const string FolderGone = "Its folder is gone.";

    /// <summary>
    /// Takes the highest good version into use. While another version serves, only the highest one found is tried: what an operator has
    /// just put there either takes over, or the old version stays and the operator learns why. A version that is not wanted any more, or a plugin
    /// whose folder is gone, ends first. A version that was removed gives way to the highest good one of those that are there, or ends.
    /// </summary>
    /// <param name="record">The plugin.</param>
    /// <param name="versions">Reports on its versions, the highest first.</param>
    /// <param name="cancellationToken">Gives up before the switch; has no effect after it.</param>
    /// <returns>Null, or why no version was taken into use.</returns>
    public async Task<string?> RunAsync(
        PluginRecord record, IReadOnlyList<PluginFolderReport> versions, CancellationToken cancellationToken)
    {
        await trials.EndAsync(record, CancellationToken.None).ConfigureAwait(false);
        if (record.Active is { } active && (versions.Count == 0 ? FolderGone : trust.WhyUnwanted(active.Report)) is { } why)
        {
            await EndAsync(record, versions.Count == 0 ? PluginState.Unloaded : PluginState.Rejected, why).ConfigureAwait(false);
            if (versions.Count == 0)
            {
                return null;
            }
        }

        // What was on trial when the host stopped has not proved itself: the version before it serves, and the trial begins anew.
        if (record.Active is null && versions.Count > 1 && trials.Remembered(versions[0].Folder.Id) == versions[0].Folder.Version
            && await RunAsync(record, [.. versions.Skip(1)], cancellationToken).ConfigureAwait(false) is null)
        {
            return await RunAsync(record, versions, cancellationToken).ConfigureAwait(false);
        }

        bool stays = record.Active is { } serving && versions.Any(report => report.Folder.Version == serving.Manifest.Version);
        var failures = new List<Failure>();
        foreach (PluginFolderReport report in stays ? versions.Take(1) : versions)
        {
            if (await LoadAsync(record, report, failures, cancellationToken).ConfigureAwait(false) is { } instance)
            {
                if (report.Verdict is { IsTrusted: false } verdict)
                {
                    Log.OriginUnknown(logger, report.Folder.Id, report.Folder.Version, verdict.Reason);
                }

                if (trials.AreOn && stays && record.Active is { } before && ManifestRules.IsHigher(report.Folder.Version, before.Manifest.Version))
                {
                    trials.Begin(record, instance);
                    return null;
                }

                trials.Forget(report.Folder.Id, report.Folder.Version);
                PluginInstance? previous = record.Switch(instance, failures.Count == 0 ? null : Describe(failures));
                Log.Activated(logger, report.Folder.Id, report.Folder.Version);
                await retirement.EndAsync(record, previous, CancellationToken.None).ConfigureAwait(false);
                return null;
            }
        }

        string failure = failures.Count == 0 ? FolderGone : Describe(failures);
        if (!stays && record.Active is not null)
        {
            await EndAsync(record, PluginState.Rejected, failure).ConfigureAwait(false);
        }

        if (failures.Count > 0)
        {
            record.Show(failures[0].Report, failures[0].State, failure);
        }

        record.Explain(failure);
        return failure;
    }

    private Task EndAsync(PluginRecord record, PluginState state, string why) =>
        retirement.EndAsync(record, record.SwitchOff(state, why), CancellationToken.None);

    private async Task<PluginInstance?> LoadAsync(
        PluginRecord record, PluginFolderReport report, List<Failure> failures, CancellationToken cancellationToken)
    {
        var failure = new Failure(report, PluginState.Rejected, report.Reason);
        if (switches.QuarantineOf(report.Folder.Id, report.Folder.Version) is { } quarantine)
        {
            failure = new Failure(report, PluginState.Quarantined, quarantine);
        }
        else if (report.IsGood)
        {
            record.Show(report, PluginState.Checked, null);
            try
            {
                PluginInstance instance = await loading.LoadAsync(
                    report, () => record.Show(report, PluginState.Loaded, null), cancellationToken).ConfigureAwait(false);
                journal.Know(report);
                return instance;
            }
            catch (PluginLoadException e)
            {
                // The operator's to mend, and not the vendor's.
                PluginState state = e.Check == SettingsCheck.Name ? PluginState.Rejected : PluginState.Malfunctioned;
                failure = new Failure(report, state, e.Message);
            }
            catch (OperationCanceledException)
            {
                record.Show(report, PluginState.Discovered, "Loading it was given up.");
                throw;
            }
        }

        failures.Add(failure);
        Log.Refused(logger, report.Folder.Id, report.Folder.Version, failure.State.ToString(), failure.Reason);
        return null;
    }

    private static string Describe(IEnumerable<Failure> failures) =>
        string.Join(" ", failures);

    private sealed record Failure(PluginFolderReport Report, PluginState State, string Reason)
    {
        private string Verb => State switch
        {
            PluginState.Rejected => "is rejected",
            PluginState.Quarantined => "is quarantined",
            _ => "malfunctioned",
        };

        /// <summary>What callers are told.</summary>
        public override string ToString() =>
            $"Version {Report.Folder.Version} {Verb}: " +
            PublicText.WithoutFolders(Reason, Report.Folder.Path);
    }
}
