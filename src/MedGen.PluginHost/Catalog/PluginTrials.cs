using MedGen.PluginHost.Loading;
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
            Forget(id);
            Log.Quarantined(logger, id, version, reason);
            Retire(record, record.EndTrial(instance));
            record.Explain($"Version {version} is quarantined: {reason}");
        }
        else if (trial.Calls >= options.Value.CanaryCalls)
        {
            Forget(id);
            Retire(record, record.Promote(instance));
            Log.Activated(logger, id, version);
        }
    }

    /// <summary>No version of the plugin is on trial any more.</summary>
    public void Forget(string pluginId)
    {
        if (switches.TrialOf(pluginId) is not null)
        {
            switches.SetTrial(pluginId, null);
        }
    }

    // Watched until the host stops; nobody waits for it here.
    private void Retire(PluginRecord record, PluginInstance? instance) => _ = retirement.EndAsync(record, instance, CancellationToken.None);
}
