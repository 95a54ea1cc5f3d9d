namespace MedGen.Application.Plugins;

/// <summary>
/// The calls to plugins that are in flight, written down before they start: when the process dies, the next one knows who was at work.
/// </summary>
public interface IPluginCallJournal
{
    /// <summary>Ids of jobs whose plugins were called when the process before this one died. Each is run alone, and after all others.</summary>
    IReadOnlyCollection<string> SuspectJobs { get; }

    /// <summary>Notes a call before it starts.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <param name="pluginVersion">Its version.</param>
    /// <param name="jobId">The job that calls; null: none.</param>
    /// <returns>To be called once when the call is over, with whether it went well.</returns>
    Action<bool> Begin(string pluginId, string pluginVersion, string? jobId);
}
