using System.Collections.Concurrent;
using System.Text.Json;
using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// One small file for each call in flight, beside the state file: made before the call starts, deleted when it ends. What is left at a start was in
/// flight when the process died. The platform's own plugins are not written down: a crash is not counted against them.
/// </summary>
internal sealed class PluginCallJournal(IOptions<PluginHostOptions> options, PluginSwitches switches, ILogger<PluginCallJournal> logger)
    : IPluginCallJournal
{
    private const int MostCrashes = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<(string Plugin, string Version), bool> _own = new();
    private HashSet<string> _suspects = [];

    /// <inheritdoc />
    public IReadOnlyCollection<string> SuspectJobs => _suspects;

    private string Folder => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Value.StateFile))!, "plugin-calls");

    /// <summary>
    /// Reads what the process before this one left. Every version that was in flight has crashed once more; one that has so twice, and once with
    /// nobody else at work, is quarantined.
    /// </summary>
    public void Load()
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        List<CallFile> calls = [];
        foreach (string path in Directory.EnumerateFiles(Folder))
        {
            if (Read(path) is { } call)
            {
                calls.Add(call);
            }

            File.Delete(path);
        }

        _suspects = [.. calls.Select(call => call.Job).OfType<string>()];
        (string Plugin, string Version)[] versions = [.. calls.Select(call => (call.Plugin, call.Version)).Distinct()];
        foreach ((string plugin, string version) in versions)
        {
            CrashCount crashes = switches.CountCrash(plugin, version, alone: versions.Length == 1);
            Log.CrashedWith(logger, plugin, version, crashes.InAll);
            if (crashes is { InAll: >= MostCrashes, Alone: >= 1 })
            {
                string reason = $"The process died {crashes.InAll} times while this version was called.";
                switches.Quarantine(plugin, version, reason);
                Log.Quarantined(logger, plugin, version, reason);
            }
        }
    }

    /// <summary>Learns of a version that was loaded whether it is the platform's own.</summary>
    public void Know(PluginFolderReport loaded)
    {
        (string, string) version = (loaded.Folder.Id, loaded.Folder.Version);
        if (loaded.Verdict?.Origin == PluginOrigin.Platform)
        {
            _own[version] = true;
        }
        else
        {
            _own.TryRemove(version, out _);
        }
    }

    /// <inheritdoc />
    public Action<bool> Begin(string pluginId, string pluginVersion, string? jobId)
    {
        if (_own.ContainsKey((pluginId, pluginVersion)))
        {
            return _ => { };
        }

        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, $"{Guid.CreateVersion7():N}.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new CallFile { Plugin = pluginId, Version = pluginVersion, Job = jobId }, Json));
        return wentWell =>
        {
            File.Delete(path);
            if (wentWell)
            {
                switches.ForgetCrashes(pluginId, pluginVersion);
            }
        };
    }

    // Written in one go, but the process may have died before that.
    private static CallFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<CallFile>(File.ReadAllText(path), Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record CallFile
    {
        public required string Plugin { get; init; }

        public required string Version { get; init; }

        public string? Job { get; init; }
    }
}
