using MedGen.PluginHost.Loading;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Checks;

/// <summary>
/// What <c>medgen plugins check</c> runs for vendors: every check of the host on one version folder, then a load, the self-test and an unload.
/// The plugin's code runs in this process.
/// </summary>
/// <param name="host">
/// Services to lend to the plugin, as the host would: <c>IMedGenModel</c>, <c>IDeviceExecutor</c>, <c>ILoggerFactory</c>, <c>TimeProvider</c>;
/// what is not there is not lent.
/// </param>
/// <param name="options">Limits and lent services; the folders and the state file are not used.</param>
/// <param name="time">Clock of the limits.</param>
public sealed class PluginChecker(IServiceProvider host, PluginHostOptions options, TimeProvider time)
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Makes calls of a capability's service: gives the reason why it could not, null if it could, and throws where an answer is not as it should
    /// be. Default null: no calls are made.
    /// </summary>
    public Func<object, CancellationToken, Task<string?>>? Call { get; init; }

    /// <summary>Checks a folder.</summary>
    /// <param name="directory">A version folder, <c>…/&lt;id&gt;/&lt;version&gt;</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>All findings. A bad plugin is a result, not an exception.</returns>
    public async Task<PluginCheckResult> CheckAsync(string directory, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        PluginFolderReport report = PluginFolderChecks.Run(new PluginFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))));
        var findings = new List<PluginFinding>(report.Findings);
        if (report.IsGood)
        {
            await LoadAsync(report, findings, cancellationToken).ConfigureAwait(false);
        }

        return new PluginCheckResult { Manifest = report.Manifest, Findings = findings };
    }

    private async Task LoadAsync(PluginFolderReport report, List<PluginFinding> findings, CancellationToken cancellationToken)
    {
        var loading = new PluginLoading(host, Options.Create(options), time, NullLogger<PluginLoading>.Instance);
        try
        {
            PluginInstance instance = await loading.LoadAsync(report, () => { }, cancellationToken).ConfigureAwait(false);
            findings.AddRange(report.Manifest!.Capabilities.Select(capability =>
                PluginFinding.Information("load", $"Offers {PluginServices.Describe(capability)}.")));
            await CallAsync(instance, findings, cancellationToken).ConfigureAwait(false);
            await loading.DisposeAsync(instance).ConfigureAwait(false);
            findings.Add(await loading.IsCollectedAsync(instance.Context).ConfigureAwait(false)
                ? PluginFinding.Information("unload", "The plugin unloads cleanly.")
                : PluginFinding.Warning(
                    "unload", "The plugin leaks: after unloading, a static event, thread, timer or cache outside it still refers to it."));
        }
        catch (PluginLoadException e)
        {
            findings.Add(PluginFinding.Error(e.Check, e.Message));
        }
    }

    // Of its own, so that nothing refers to a service when the unload is waited for.
    private async Task CallAsync(PluginInstance instance, List<PluginFinding> findings, CancellationToken cancellationToken)
    {
        IEnumerable<PluginCapability> known = instance.Manifest.Capabilities.Where(capability => CapabilityKinds.All.Contains(capability.Kind));
        foreach (PluginCapability capability in Call is null ? [] : known)
        {
            string name = PluginServices.Describe(capability);
            object service = instance.TryLease(capability.Kind, capability.Task)!;
            string? refusal = null;
            try
            {
                await GuardedCall.RunAsync(
                    "calls", $"Calling {name}", async token => refusal = await Call!(service, token).ConfigureAwait(false), CallLimit, time,
                    cancellationToken).ConfigureAwait(false);
                findings.Add(refusal is null
                    ? PluginFinding.Information("calls", $"{name} passes the SDK's checks.")
                    : PluginFinding.Warning("calls", $"{name} could not be checked: {refusal}"));
            }
            catch (PluginLoadException e)
            {
                findings.Add(PluginFinding.Error(e.Check, e.Message));
            }
            finally
            {
                instance.Release();
            }
        }
    }
}
