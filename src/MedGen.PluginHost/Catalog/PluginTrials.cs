using MedGen.PluginHost.Loading;
using MedGen.PluginHost.Manifests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// Tries new versions on a share of the calls: with enough calls done a version takes over, with too many failures it is quarantined and the one
/// before it serves on. Which version is on trial is remembered over restarts, so that none takes over by one.
/// </summary>
internal sealed class PluginTrials(
    PluginSwitches switches, PluginRetirement retirement, IOptions<PluginHostOptions> options, ILogger<PluginTrials> logger)
{
    /// <summary>Whether new versions are tried.</summary>
    public bool AreOn => options.Value.CanaryShare > 0;

    /// <summary>The version that was on trial when the host stopped; null: none.</summary>
    public string? Remembered(string pluginId) => AreOn ? switches.TrialOf(pluginId) : null;

    /// <summary>Gives a new version its share.</summary>
    public void Begin(PluginRecord record, PluginInstance instance)
    {
        (string id, string version) = (instance.Manifest.Id, instance.Manifest.Version);
        switches.SetTrial(id, version);
        record.Begin(new PluginTrial(instance, options.Value.CanaryShare));
        Log.OnTrial(logger, id, version, options.Value.CanaryShare);
    }

    /// <summary>Ends a trial without a verdict.</summary>
    public Task EndAsync(PluginRecord record, CancellationToken cancellationToken) =>
        retirement.EndAsync(record, record.EndTrial(), cancellationToken);

    /// <summary>Counts a call, and decides when there were enough.</summary>
    public void Count(PluginRecord record, PluginInstance instance, bool wentWell)
    {
        if (record.Count(instance, wentWell) is not { } trial)
        {
            return;
        }

        (string id, string version) = (instance.Manifest.Id, instance.Manifest.Version);
        if (trial.Failures > options.Value.CanaryFailures)
        {
            string reason = $"On trial, {trial.Failures} of {trial.Calls} calls failed; 'medgen plugins enable {id}' lifts the quarantine.";
            switches.Quarantine(id, version, reason);
            Forget(id, version);
            Log.Quarantined(logger, id, version, reason);
            Retire(record, record.EndTrial(instance));
            record.Explain($"Version {version} is quarantined: {reason}");
        }
        else if (trial.Calls >= options.Value.CanaryCalls)
        {
            Forget(id, version);
            Retire(record, record.Promote(instance));
            Log.Activated(logger, id, version);
        }
    }

    /// <summary>Has the version on trial take over early, as the one before it is quarantined.</summary>
    /// <param name="record">The plugin.</param>
    /// <param name="quarantined">The version that serves.</param>
    /// <param name="reason">Why it is quarantined.</param>
    /// <returns>False: none is on trial, or another version serves.</returns>
    public bool Replace(PluginRecord record, PluginInstance quarantined, string reason)
    {
        if (record.Replace(quarantined, $"Version {quarantined.Manifest.Version} is quarantined: {reason}") is not { Manifest: var next })
        {
            return false;
        }

        Forget(next.Id, next.Version);
        Log.Activated(logger, next.Id, next.Version);
        Retire(record, quarantined);
        return true;
    }

    /// <summary>
    /// No version of the plugin up to this one is on trial any more. A higher one stays remembered: after a restart the version before it is loaded
    /// first, and what ends the process then shall not promote it.
    /// </summary>
    public void Forget(string pluginId, string version)
    {
        if (switches.TrialOf(pluginId) is { } tried && !ManifestRules.IsHigher(tried, version))
        {
            switches.SetTrial(pluginId, null);
        }
    }

    // Watched until the host stops; nobody waits for it here.
    private void Retire(PluginRecord record, PluginInstance? instance) => _ = retirement.EndAsync(record, instance, CancellationToken.None);
}
