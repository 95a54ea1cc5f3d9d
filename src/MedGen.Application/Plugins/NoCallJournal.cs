namespace MedGen.Application.Plugins;

/// <summary>For hosts without plugins of others: nothing is written down.</summary>
internal sealed class NoCallJournal : IPluginCallJournal
{
    public IReadOnlyCollection<string> SuspectJobs => [];

    public Action<bool> Begin(string pluginId, string pluginVersion, string? jobId) => _ => { };
}
