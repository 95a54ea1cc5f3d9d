using System.Text.Json;
using MedGen.Sdk.Files;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// What an administrator has decided about plugins, remembered in a small JSON file: which are turned off, and which serve tasks by choice.
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
                    Chosen = new(read.Chosen.ToDictionary(choice => CapabilityNames.Modern(choice.Key), choice => choice.Value), StringComparer.Ordinal),
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
    }
}
