using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>Which plugins an administrator has turned off, remembered in a small JSON file.</summary>
internal sealed class PluginSwitches(IOptions<PluginHostOptions> options)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    private readonly Lock _lock = new();
    private SortedSet<string> _disabled = [];

    /// <summary>Reads the file; without one every plugin is on.</summary>
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
            var content = JsonSerializer.Deserialize<StateFile>(File.ReadAllText(path), Json);
            lock (_lock)
            {
                _disabled = new SortedSet<string>(content?.Disabled ?? throw new JsonException("It holds null."), StringComparer.Ordinal);
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"The plugin state file {path} is broken: {e.Message} Mend it, or delete it to turn all plugins on.", e);
        }
    }

    /// <summary>Whether a plugin is turned off.</summary>
    /// <param name="pluginId">Its id.</param>
    public bool IsDisabled(string pluginId)
    {
        lock (_lock)
        {
            return _disabled.Contains(pluginId);
        }
    }

    /// <summary>Turns a plugin on or off and writes that down before it counts.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="disabled">Whether it is off.</param>
    public void Set(string pluginId, bool disabled)
    {
        lock (_lock)
        {
            var next = new SortedSet<string>(_disabled, StringComparer.Ordinal);
            if (disabled ? next.Add(pluginId) : next.Remove(pluginId))
            {
                Write(next);
                _disabled = next;
            }
        }
    }

    private void Write(SortedSet<string> disabled)
    {
        string path = Path.GetFullPath(options.Value.StateFile);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = path + ".new";
        try
        {
            using (FileStream file = File.Create(temporary))
            {
                JsonSerializer.Serialize(file, new StateFile { Disabled = [.. disabled] }, Json);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private sealed record StateFile
    {
        public required IReadOnlyList<string> Disabled { get; init; }
    }
}
