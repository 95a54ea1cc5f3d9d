using System.ComponentModel.DataAnnotations;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Trust;
using MedGen.Sandbox;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost;

/// <summary>Settings of the plugin host.</summary>
public sealed class PluginHostOptions : IValidatableObject
{
    /// <summary>
    /// Folders that hold plugins as <c>&lt;id&gt;/&lt;version&gt;/plugin.json</c>. The same version in two of them: the first one counts.
    /// A folder that is missing or unreadable is logged and passed over.
    /// </summary>
    public IList<string> Roots { get; } = [];

    /// <summary>
    /// The platform's own plugins by what they do, for instance <c>analysis/imaging-modality</c> or <c>generation</c>: where one is installed it
    /// serves requests that name no plugin, until an administrator chooses another.
    /// </summary>
    public IDictionary<string, string> OwnPlugins { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["generation"] = "medgen.generation",
        ["augmentation"] = "medgen.augmentation",
        ["analysis/imaging-modality"] = "medgen.imaging-modality",
        ["analysis/surgical-phase"] = "medgen.surgical-phase",
    };

    /// <summary>File that remembers which plugins are turned off and which are chosen; written at the first such decision. Required.</summary>
    [Required]
    public string StateFile { get; set; } = "";

    /// <summary>
    /// Folder with a file <c>ID.json</c> for each plugin that the operator has set something of (docs/plugins.md), read whenever a plugin is loaded.
    /// Default: none; nothing is set.
    /// </summary>
    public string? SettingsFolder { get; set; }

    /// <summary>
    /// Folder that holds a folder for the data of each plugin that asks for one. Default: none; such a plugin gets a new one at each load, which
    /// goes with it.
    /// </summary>
    public string? DataRoot { get; set; }

    /// <summary>Most bytes that a plugin may ask to keep in its folder. Default 1 GiB; 1 MiB to 1 TiB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxDataBytes { get; set; } = 1L << 30;

    /// <summary>Time for a plugin to load, and again for its self-test. Default 30 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SelfTestLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the start of the host waits for its plugins. Those that are loading then go on: their state shows it, requests for them wait, others
    /// do not. Default 30 s; 0 to 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StartWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a reload or a stop waits for the calls in flight on the old version. After that it returns, and the version is unloaded
    /// when its last call ends. Default 30 s; 0 to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Calls of one version that may fail to end when they are told to; then it is quarantined: it gets no calls until an administrator enables the
    /// plugin again, or a newer version serves. Default 3; 1 to 1000.
    /// </summary>
    [Range(1, 1000)]
    public int AbandonedCallLimit { get; set; } = 3;

    /// <summary>Which plugins get a process of their own. Default: those whose manifest asks for it.</summary>
    public IsolationPolicy Isolation { get; set; }

    /// <summary>
    /// The program that serves plugins in a process of their own, a full path, and its arguments: <c>medgen plugin-worker</c>. Default: none, and
    /// such plugins are refused.
    /// </summary>
    public IReadOnlyList<string> WorkerCommand { get; set; } = [];

    /// <summary>How strictly those processes are confined.</summary>
    public SandboxMode WorkerSandbox { get; set; } = SandboxMode.Auto;

    /// <summary>
    /// Address space of such a process in bytes, its libraries and what .NET reserves included; an allocation beyond it fails. Default 16 GiB;
    /// 4 GiB to 16 TiB.
    /// </summary>
    [Range(4L << 30, 1L << 44)]
    public long WorkerAddressSpaceBytes { get; set; } = 16L << 30;

    /// <summary>
    /// Resident memory in MiB of such a process and of what it starts, where control groups of the kernel can be made (<c>medgen doctor</c> says
    /// whether); beyond it the kernel ends the process. Default 4,096; 128 to 1,048,576.
    /// </summary>
    [Range(128, 1 << 20)]
    public int WorkerMemoryMiB { get; set; } = 4096;

    /// <summary>Processors that such a process may keep busy, counted as its memory is. Default 0: all; 0 to 1024.</summary>
    [Range(0.0, 1024.0)]
    public double WorkerProcessors { get; set; }

    /// <summary>
    /// Time for a call in such a process to end after it was told to; then the process is ended, and with it the calls beside it. Best below the
    /// grace that all plugins have. Default 8 s; 100 ms to 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan WorkerGrace { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Share of the calls that a new version gets after a reload, until it has done <see cref="CanaryCalls"/> of them; the version before it gets the
    /// others. Default 0: it gets all at once. 0 to 1.
    /// </summary>
    [Range(0.0, 1.0)]
    public double CanaryShare { get; set; }

    /// <summary>Calls that a new version must have done before it gets all of them. Default 20; 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int CanaryCalls { get; set; } = 20;

    /// <summary>
    /// How many of these calls may fail through the plugin. With one more the version is quarantined, and the one before it gets all calls again.
    /// Default 1; 0 to 100000.
    /// </summary>
    [Range(0, 100_000)]
    public int CanaryFailures { get; set; } = 1;

    /// <summary>What becomes of plugins of which nothing proves where they come from. Default: they are loaded, and the log warns of each.</summary>
    public PluginTrust Trust { get; set; }

    /// <summary>
    /// JSON file of the publishers whose packs are wanted, and of what is revoked (docs/security.md); read again whenever a plugin is loaded.
    /// Default: none, and nobody is trusted.
    /// </summary>
    public string? TrustFile { get; set; }

    /// <summary>
    /// SHA-256 of the files of the platform's own plugins by <c>id/version/file</c>, as the build wrote them down. Default: none; no plugin is the
    /// platform's own then, whatever its id. With any, a plugin with an id of <see cref="OwnPlugins"/>, another content and no trusted publisher's
    /// signature is refused.
    /// </summary>
    public IDictionary<string, string> OwnFiles { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether a plugin gets a process of its own.</summary>
    internal bool RunsIsolated(PluginFolderReport report) => report.Manifest!.Isolation == PluginIsolation.Process
        || (Isolation == IsolationPolicy.Foreign && report.Verdict?.Origin != PluginOrigin.Platform)
        || IsDistrusted(report);

    /// <summary>How strictly a plugin's process is confined: one that is there out of distrust must be, unless the operator said otherwise.</summary>
    internal SandboxMode SandboxFor(PluginFolderReport report) =>
        WorkerSandbox == SandboxMode.Auto && IsDistrusted(report) ? SandboxMode.Required : WorkerSandbox;

    private bool IsDistrusted(PluginFolderReport report) => Trust == PluginTrust.Isolated && report.Verdict is not { IsTrusted: true };

    /// <summary>
    /// Services of the host that plugins may ask for, as far as the host has them. Each type must come from a shared assembly
    /// (<see cref="SharedAssemblies.Versions"/>). Default: <see cref="IMedGenModel"/>, <see cref="ILoggerFactory"/>,
    /// <see cref="TimeProvider"/>, <see cref="IDeviceExecutor"/>.
    /// </summary>
    public IList<Type> LentServices { get; } = [typeof(IMedGenModel), typeof(ILoggerFactory), typeof(TimeProvider), typeof(IDeviceExecutor)];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Roots.Any(string.IsNullOrWhiteSpace))
        {
            yield return new ValidationResult("Roots must not hold an empty path.", [nameof(Roots)]);
        }

        foreach (Type type in LentServices)
        {
            string assembly = type.Assembly.GetName().Name!;
            if (!SharedAssemblies.Versions.ContainsKey(assembly) && SharedAssemblies.RuntimeVersion(assembly) is null)
            {
                yield return new ValidationResult(
                    $"LentServices: {type.FullName} is in {assembly}, which plugins do not share.", [nameof(LentServices)]);
            }
        }
    }
}
