using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Manifests;
using MedGen.PluginHost.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// Finds plugin folders. Names that start with a dot are passed over, so that a version can be copied beside its place and renamed into it.
/// </summary>
internal sealed class PluginDiscovery(IOptions<PluginHostOptions> options, TrustCheck trust, ILogger<PluginDiscovery> logger)
{
    /// <summary>Ids of all plugins found, by the names of their folders.</summary>
    public IReadOnlyCollection<string> FindIds()
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string root in options.Value.Roots)
        {
            try
            {
                ids.UnionWith(Subfolders(root).Select(path => Path.GetFileName(path)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.RootUnreadable(logger, root, e.Message);
            }
        }

        return ids;
    }

    /// <summary>Checks every version of a plugin.</summary>
    /// <param name="pluginId">Name of the plugin's folder.</param>
    /// <returns>Reports, the highest version first; a folder that cannot be looked into has one report too. Empty: there is no such plugin.</returns>
    public IReadOnlyList<PluginFolderReport> CheckVersions(string pluginId)
    {
        var reports = new List<PluginFolderReport>();
        foreach (string root in options.Value.Roots)
        {
            // The id may come from a caller: only a plain name that is really listed leads to a folder.
            string directory = Path.Combine(Path.GetFullPath(root), pluginId);
            if (Path.GetFileName(directory) == pluginId && IsListed(root, pluginId))
            {
                CheckVersions(directory, reports);
            }
        }

        return [.. reports.OrderByDescending(report => ManifestRules.ParseVersion(report.Folder.Version) ?? new Version())];
    }

    private void CheckVersions(string directory, List<PluginFolderReport> reports)
    {
        try
        {
            string[] versions = [.. Subfolders(directory)];
            if (versions.Length == 0)
            {
                reports.Add(Unusable(directory, "The plugin's folder holds no version folder; expected <id>/<version>/plugin.json."));
            }

            foreach (string path in versions)
            {
                if (reports.Any(report => report.Folder.Version == Path.GetFileName(path)))
                {
                    Log.Duplicate(logger, path);
                }
                else
                {
                    reports.Add(trust.Run(PluginFolderChecks.Run(new PluginFolder(path))));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reports.Add(Unusable(directory, $"The plugin's folder cannot be read: {e.Message}"));
        }
    }

    private static bool IsListed(string root, string pluginId)
    {
        try
        {
            return Subfolders(root).Any(path => Path.GetFileName(path) == pluginId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // FindIds has reported the root; a plugin of another root must not suffer from it.
            return false;
        }
    }

    // Directory.GetDirectories would leave out a link that leads nowhere; its plugin shall be named with the reason.
    private static IEnumerable<string> Subfolders(string directory) =>
        new DirectoryInfo(Path.GetFullPath(directory)).EnumerateFileSystemInfos()
            .Where(entry => !entry.Name.StartsWith('.') && (entry is DirectoryInfo || entry.LinkTarget is not null))
            .Select(entry => entry.FullName)
            .Order(StringComparer.Ordinal);

    private static PluginFolderReport Unusable(string directory, string reason) => new()
    {
        Folder = new PluginFolder(Path.Combine(directory, "0.0.0")),
        Findings = [PluginFinding.Error("folder", reason)],
    };
}
