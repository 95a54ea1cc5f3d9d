using System.Text.Json;
using MedGen.Sdk.Files;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// What is remembered of plugins in a small JSON file: which an administrator has turned off, which serve by choice, and which versions are
/// on trial, quarantined, or have crashed.
/// </summary>
internal sealed class PluginSwitches(IOptions<PluginHostOptions> options)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    private readonly Lock _lock = new();
    private StateFile _state = new() { Disabled = [] };

    /// <summary>Tasks that somebody has chosen a plugin for, with its id.</summary>
    public IReadOnlyDictionary<string, string> Chosen
    {
        get
        {
            lock (_lock)
            {
                return _state.Chosen;
            }
        }
    }

    /// <summary>Reads the file; without one every plugin is on, and nothing is chosen.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is broken. The host does not start then: it would silently take plugins into use that somebody has turned off.
    /// </exception>
    public void Load()
    {
        string path = options.Value.StateFile;
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            StateFile read = JsonSerializer.Deserialize<StateFile>(File.ReadAllText(path), Json) ?? throw new JsonException("It holds null.");
            lock (_lock)
            {
                _state = read with
                {
                    Chosen = new(
                        read.Chosen.ToDictionary(choice => CapabilityNames.Modern(choice.Key), choice => choice.Value), StringComparer.Ordinal),
                };
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"The plugin state file {path} is broken: {e.Message} Mend it, or delete it to turn all plugins on and to choose none.", e);
        }
    }

    /// <summary>Whether a plugin is turned off.</summary>
    /// <param name="pluginId">Its id.</param>
    public bool IsDisabled(string pluginId)
    {
        lock (_lock)
        {
            return _state.Disabled.Contains(pluginId);
        }
    }

    /// <summary>Turns a plugin on or off and writes that down before it counts.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="disabled">Whether it is off.</param>
    public void Set(string pluginId, bool disabled) =>
        Change(
            state => state with
            {
                Disabled = [.. state.Disabled.Where(id => id != pluginId).Concat(disabled ? [pluginId] : []).Order(StringComparer.Ordinal)],
            });

    /// <summary>Chooses the plugin of a task and writes that down before it counts.</summary>
    /// <param name="task">Name of the task.</param>
    /// <param name="pluginId">Id of the plugin; null: none is chosen any more.</param>
    public void Choose(string task, string? pluginId) => Change(state =>
    {
        SortedDictionary<string, string> chosen = new(state.Chosen, StringComparer.Ordinal);
        chosen.Remove(task);
        if (pluginId is not null)
        {
            chosen.Add(task, pluginId);
        }

        return state with { Chosen = chosen };
    });

    /// <summary>Why a version gets no calls; null: it is not quarantined.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <param name="version">The version.</param>
    public string? QuarantineOf(string pluginId, string version)
    {
        lock (_lock)
        {
            return _state.Quarantined.GetValueOrDefault(Key(pluginId, version));
        }
    }

    /// <summary>Takes a version out of use until somebody lifts that, and writes it down before it counts.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <param name="version">The version.</param>
    /// <param name="reason">Why.</param>
    public void Quarantine(string pluginId, string version, string reason) =>
        Change(state => state with { Quarantined = With(state.Quarantined, Key(pluginId, version), reason) });

    /// <summary>Lifts the quarantine of all versions of a plugin; their crashes are forgotten.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    public void LiftQuarantine(string pluginId)
    {
        if (Of(_state.Quarantined).Any() || Of(_state.Crashes).Any())
        {
            Change(state => state with { Quarantined = new(Without(state.Quarantined)), Crashes = new(Without(state.Crashes)) });
        }

        IEnumerable<string> Of<T>(SortedDictionary<string, T> all) => all.Keys.Where(key => key.StartsWith(pluginId + "/", StringComparison.Ordinal));

        Dictionary<string, T> Without<T>(SortedDictionary<string, T> all) => all.ExceptBy(Of(all).ToList(), pair => pair.Key).ToDictionary();
    }

    /// <summary>The version of a plugin that is on trial; null: none.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    public string? TrialOf(string pluginId)
    {
        lock (_lock)
        {
            return _state.Trials.GetValueOrDefault(pluginId);
        }
    }

    /// <summary>Remembers the version that is on trial.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <param name="version">The version; null: none is any more.</param>
    public void SetTrial(string pluginId, string? version) => Change(state => state with
    {
        Trials = new(state.Trials.Where(pair => pair.Key != pluginId).Concat(version is null ? [] : [new(pluginId, version)]).ToDictionary()),
    });

    /// <summary>Counts a death of the process while a version was called.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <param name="version">The version.</param>
    /// <param name="alone">Whether no other plugin was called then.</param>
    public CrashCount CountCrash(string pluginId, string version, bool alone)
    {
        string key = Key(pluginId, version);
        CrashCount now = new(0, 0);
        Change(state =>
        {
            CrashCount before = state.Crashes.GetValueOrDefault(key, now);
            now = new CrashCount(before.InAll + 1, before.Alone + (alone ? 1 : 0));
            return state with { Crashes = With(state.Crashes, key, now) };
        });
        return now;
    }

    /// <summary>Forgets the crashes of a version, as a call of it went well.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <param name="version">The version.</param>
    public void ForgetCrashes(string pluginId, string version)
    {
        string key = Key(pluginId, version);
        lock (_lock)
        {
            if (!_state.Crashes.ContainsKey(key))
            {
                return;
            }
        }

        Change(state => state with { Crashes = new(state.Crashes.Where(pair => pair.Key != key).ToDictionary()) });
    }

    private static string Key(string pluginId, string version) => $"{pluginId}/{version}";

    private static SortedDictionary<string, T> With<T>(SortedDictionary<string, T> all, string key, T value) =>
        new(all, StringComparer.Ordinal) { [key] = value };

    private void Change(Func<StateFile, StateFile> change)
    {
        lock (_lock)
        {
            StateFile next = change(_state);
            Write(next);
            _state = next;
        }
    }

    private void Write(StateFile state)
    {
        string path = Path.GetFullPath(options.Value.StateFile);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, JsonSerializer.Serialize(state, Json));
    }

    private sealed record StateFile
    {
        public required IReadOnlyList<string> Disabled { get; init; }

        // Files from before there was a choice lack it.
        public SortedDictionary<string, string> Chosen { get; init; } = new(StringComparer.Ordinal);

        // By id and version, with the reason; files from before there was a quarantine lack it.
        public SortedDictionary<string, string> Quarantined { get; init; } = new(StringComparer.Ordinal);

        // Version by id; the same.
        public SortedDictionary<string, string> Trials { get; init; } = new(StringComparer.Ordinal);

        // By id and version; the same.
        public SortedDictionary<string, CrashCount> Crashes { get; init; } = new(StringComparer.Ordinal);
    }
}
