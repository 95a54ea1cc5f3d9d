using System.Reflection;
using MedGen.Application.Plugins;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.PluginHost.Home;

/// <summary>What one loaded version of a plugin has of its own in this host: settings, secrets, a data folder, a log and counters.</summary>
internal sealed class PluginHome : IPluginCallRules
{
    private readonly SecretGuard _guard;
    private readonly IReadOnlyDictionary<string, string> _secrets;

    private PluginHome(
        PluginManifest manifest, string settings, IReadOnlyDictionary<string, string> secrets, PluginDataFolder? data, ILogger logger,
        TimeProvider time)
    {
        (Manifest, Settings, _secrets, Data) = (manifest, settings, secrets, data);
        _guard = new SecretGuard(secrets.Values);
        Use = new PluginUse(manifest.Id, manifest.Version);
        Log = new PluginLog(logger, $"{manifest.Id} {manifest.Version}", _guard, time);
    }

    /// <summary>Version of the product, <c>major.minor.patch</c>.</summary>
    public static string HostVersion { get; } =
        typeof(PluginHome).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The checked manifest.</summary>
    public PluginManifest Manifest { get; }

    /// <summary>What the operator has set, a JSON object.</summary>
    public string Settings { get; }

    /// <summary>The folder that it may write to; null: it asks for none.</summary>
    public PluginDataFolder? Data { get; }

    /// <summary>Takes what it logs and prints.</summary>
    public PluginLog Log { get; }

    /// <summary>What it has done and used.</summary>
    public PluginUse Use { get; }

    /// <summary>Names of the secrets that the operator has given.</summary>
    public IEnumerable<string> GivenSecrets => _secrets.Keys;

    /// <summary>Reads the operator's file, and makes the data folder.</summary>
    /// <exception cref="PluginLoadException">What the operator has set cannot be used, or allows less than the plugin asks for.</exception>
    public static PluginHome Of(PluginManifest manifest, PluginHostOptions options, ILoggerFactory? log, TimeProvider time)
    {
        (string settings, IReadOnlyDictionary<string, string> secrets) = OperatorFile.Load(options.SettingsFolder, manifest.Id);
        ILogger logger = (log ?? NullLoggerFactory.Instance).CreateLogger($"Plugin.{manifest.Id}");
        return new PluginHome(manifest, settings, secrets, PluginDataFolder.Of(manifest, options), logger, time);
    }

    /// <summary>What the plugin is told, in this process or in one of its own.</summary>
    /// <param name="directory">Full path of the version folder.</param>
    /// <param name="lender">Has the device that it is lent.</param>
    public PluginContext Context(string directory, IServiceProvider lender) =>
        Context(Manifest, directory, Settings, _secrets, Data?.Path, HostVersion, lender);

    /// <inheritdoc cref="Context(string, IServiceProvider)" />
    public static PluginContext Context(
        PluginManifest manifest, string directory, string settings, IReadOnlyDictionary<string, string> secrets, string? data, string hostVersion,
        IServiceProvider lender) => new()
    {
        Manifest = manifest,
        Directory = directory,
        Settings = settings,
        Secrets = secrets.ToDictionary(secret => secret.Key, secret => new PluginSecret(secret.Value)),
        DataFolder = data,
        HostVersion = hostVersion,
        DeviceKind = lender.GetService<IDeviceExecutor>()?.Device.type.ToString().ToLowerInvariant() ?? "cpu",
    };

    /// <summary>The secrets for a worker, which gets them over a line that nobody else reads.</summary>
    public IReadOnlyDictionary<string, string> SecretsForWorker() => _secrets;

    /// <summary>A text without the plugin's secrets.</summary>
    public string Conceal(string text) => _guard.Conceal(text);

    /// <inheritdoc />
    public void Admit() => Data?.ThrowIfFull();

    /// <inheritdoc />
    public void Enter() => PluginConsole.Enter(Log);

    /// <inheritdoc />
    public bool HoldsSecret(string text) => _guard.IsIn(text);
}
