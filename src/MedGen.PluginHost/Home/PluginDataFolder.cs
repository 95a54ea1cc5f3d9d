using System.Globalization;
using System.IO.Enumeration;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Home;

/// <summary>
/// The folder that a plugin may write to, one for all of its versions. Nothing but a file system could hold it to its size at every moment: the host
/// looks, refuses calls while there is too much in it, and ends the process of a plugin that has one of its own.
/// </summary>
internal sealed class PluginDataFolder
{
    /// <summary>Files and folders that may be in it; looking through more would take the host's time.</summary>
    public const int MaxEntries = 10_000;

    private readonly string _plugin;
    private readonly bool _isKept;

    private PluginDataFolder(string plugin, string path, long quota, bool isKept) => (_plugin, Path, Quota, _isKept) = (plugin, path, quota, isKept);

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Bytes that may be in it.</summary>
    public long Quota { get; }

    /// <summary>Makes the folder that a plugin asks for.</summary>
    /// <returns>The folder; null: it asks for none.</returns>
    /// <exception cref="PluginLoadException">It asks for more than the operator allows, or the folder cannot be made.</exception>
    public static PluginDataFolder? Of(PluginManifest manifest, PluginHostOptions options)
    {
        if (manifest.DataBytes == 0)
        {
            return null;
        }

        if (manifest.DataBytes > options.MaxDataBytes)
        {
            throw new PluginLoadException(
                SettingsCheck.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"dataBytes: got {manifest.DataBytes}; allowed: at most {options.MaxDataBytes} (plugins.max_data_bytes)."));
        }

        try
        {
            string path = options.DataRoot is { } root
                ? Directory.CreateDirectory(PathOf(root, manifest.Id)).FullName
                : Directory.CreateTempSubdirectory("medgen-plugin-data-").FullName;
            return new PluginDataFolder($"{manifest.Id} {manifest.Version}", path, manifest.DataBytes, options.DataRoot is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException(SettingsCheck.Name, $"Its data folder cannot be made: {e.Message}");
        }
    }

    /// <summary>Where the data of a plugin is.</summary>
    public static string PathOf(string root, string pluginId) => System.IO.Path.GetFullPath(System.IO.Path.Combine(root, pluginId));

    /// <summary>Removes the data of a plugin.</summary>
    /// <param name="path">The folder, which may be missing; null: none is kept.</param>
    /// <returns>Bytes that were in it.</returns>
    public static long Erase(string? path)
    {
        if (path is null || !Directory.Exists(path))
        {
            return 0;
        }

        long bytes = new PluginDataFolder("", path, 0, isKept: true).Used();
        Directory.Delete(path, recursive: true);
        return bytes;
    }

    /// <summary>Bytes of all files in it. What a link points to does not count, nor a file that was deleted and is still open.</summary>
    public long Used() => Look().Bytes;

    /// <summary>What is too much in it; null: nothing.</summary>
    public string? WhyFull()
    {
        (long bytes, int entries, bool isHidden) = Look();
        return isHidden ? "holds folders that the host may not look into"
            : entries > MaxEntries ? string.Create(CultureInfo.InvariantCulture, $"holds more than {MaxEntries} files and folders")
            : bytes > Quota ? string.Create(CultureInfo.InvariantCulture, $"holds {bytes} bytes; allowed: {Quota}")
            : null;
    }

    /// <exception cref="ResourceExhaustedException">There is too much in it.</exception>
    public void ThrowIfFull()
    {
        if (WhyFull() is { } why)
        {
            throw new ResourceExhaustedException(
                "PLUGIN_DATA_FULL",
                $"The data folder of the plugin '{_plugin}' {why}. An administrator can turn the plugin off and remove its data with "
                    + "'medgen plugins erase-data ID'.",
                retryAfter: null);
        }
    }

    /// <summary>Removes a folder that is not to be kept.</summary>
    public void Leave()
    {
        if (!_isKept && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private (long Bytes, int Entries, bool IsHidden) Look()
    {
        using Walk walk = new(Path);
        (long bytes, int entries) = (0, 0);
        while (entries <= MaxEntries && walk.MoveNext())
        {
            (bytes, entries) = (bytes + walk.Current, entries + 1);
        }

        return (bytes, entries, walk.IsHidden);
    }

    // The plugin may change the folder meanwhile: what is gone when it is looked at is passed over.
    private sealed class Walk(string path)
        : FileSystemEnumerator<long>(path, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
    {
        private const int NotPermitted = 1; // EPERM
        private const int AccessDenied = 13; // EACCES

        public bool IsHidden { get; private set; }

        protected override bool ShouldRecurseIntoEntry(ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

        protected override long TransformEntry(ref FileSystemEntry entry) =>
            entry.IsDirectory || entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? 0 : entry.Length;

        protected override bool ContinueOnError(int error)
        {
            IsHidden |= error is NotPermitted or AccessDenied;
            return true;
        }
    }
}
