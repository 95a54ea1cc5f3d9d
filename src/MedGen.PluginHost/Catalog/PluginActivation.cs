using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Loading;
using MedGen.PluginHost.Manifests;
using MedGen.PluginHost.Trust;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Catalog;

/// <summary>Chooses the version of a plugin that serves, loads it and switches to it.</summary>
internal sealed class PluginActivation(
    PluginLoading loading, PluginRetirement retirement, PluginSwitches switches, PluginTrials trials, ILogger<PluginActivation> logger)
{
    private const string FolderGone = "Its folder is gone.";

    /// <summary>
    /// Takes the highest good version into use. While another version serves, only the highest one found is tried: what an operator has
    /// just put there either takes over, or the old version stays and the operator learns why. A version that is not wanted any more, or a plugin
    /// whose folder is gone, ends first.
    /// </summary>
    /// <param name="record">The plugin.</param>
    /// <param name="versions">Reports on its versions, the highest first.</param>
    /// <param name="cancellationToken">Gives up before the switch; has no effect after it.</param>
    /// <returns>Null, or why no version was taken into use.</returns>
    public async Task<string?> RunAsync(
        PluginRecord record, IReadOnlyList<PluginFolderReport> versions, CancellationToken cancellationToken)
    {
        await trials.EndAsync(record, CancellationToken.None).ConfigureAwait(false);
        if (record.Active is { } active && WhyUnwanted(active, versions) is { } why)
        {
            PluginInstance? unwanted = record.SwitchOff(versions.Count == 0 ? PluginState.Unloaded : PluginState.Rejected, why);
            await retirement.EndAsync(record, unwanted, CancellationToken.None).ConfigureAwait(false);
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

        var failures = new List<Failure>();
        foreach (PluginFolderReport report in record.Active is null ? versions : versions.Take(1))
        {
            if (await LoadAsync(record, report, failures, cancellationToken).ConfigureAwait(false) is { } instance)
            {
                if (trials.AreOn && record.Active is { } before && IsHigher(report.Folder.Version, before.Manifest.Version))
                {
                    trials.Begin(record, instance);
                    return null;
                }

                trials.Forget(report.Folder.Id);
                PluginInstance? previous = record.Switch(instance, failures.Count == 0 ? null : Describe(failures));
                Log.Activated(logger, report.Folder.Id, report.Folder.Version);
                if (report.Verdict is { IsTrusted: false } verdict)
                {
                    Log.OriginUnknown(logger, report.Folder.Id, report.Folder.Version, verdict.Reason);
                }

                await retirement.EndAsync(record, previous, CancellationToken.None).ConfigureAwait(false);
                return null;
            }
        }

        string failure = failures.Count == 0 ? FolderGone : Describe(failures);
        if (failures.Count > 0)
        {
            record.Show(failures[0].Report, failures[0].State, failure);
        }

        record.Explain(failure);
        return failure;
    }

    private static bool IsHigher(string version, string other) => ManifestRules.ParseVersion(version) > ManifestRules.ParseVersion(other);

    private static string? WhyUnwanted(PluginInstance active, IReadOnlyList<PluginFolderReport> versions) =>
        versions.Count == 0 ? FolderGone
        : versions.FirstOrDefault(report => report.Folder.Version == active.Manifest.Version)?.Findings
            .FirstOrDefault(finding => finding.Check == TrustCheck.Name && finding.Severity == PluginFindingSeverity.Error)?.Message;

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
                return await loading.LoadAsync(report, () => record.Show(report, PluginState.Loaded, null), cancellationToken).ConfigureAwait(false);
            }
            catch (PluginLoadException e)
            {
                failure = new Failure(report, PluginState.Malfunctioned, e.Message);
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
