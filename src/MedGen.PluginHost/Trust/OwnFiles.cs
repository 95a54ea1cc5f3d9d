using MedGen.PluginHost.Packs;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Trust;

/// <summary>The platform's own plugins by their content: what the build wrote down of them.</summary>
public static class OwnFiles
{
    private const int HashLength = 64;

    /// <summary>Reads the list that the build makes.</summary>
    /// <param name="list">Lines as <c>sha256sum</c> writes them, with paths from the plugin folder on: <c>HASH  id/version/file</c>.</param>
    /// <param name="files">Where to put SHA-256 by path.</param>
    public static void Read(TextReader list, IDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(files);
        while (list.ReadLine() is { } line)
        {
            files[line[(HashLength + 2)..]] = line[..HashLength].ToLowerInvariant();
        }
    }

    /// <summary>Whether a version folder holds exactly what the build has made.</summary>
    /// <param name="folder">The version folder.</param>
    /// <param name="place">Its place in a plugin folder, <c>id/version</c>.</param>
    /// <param name="files">The build's list.</param>
    internal static bool Hold(string folder, string place, IDictionary<string, string> files)
    {
        string[] listed = [.. files.Keys.Where(path => path.StartsWith(place + "/", StringComparison.Ordinal))];
        try
        {
            return listed.Length > 0
                && PackedFolder.FilesOf(folder).Select(path => $"{place}/{path}").Order(StringComparer.Ordinal)
                    .SequenceEqual(listed.Order(StringComparer.Ordinal))
                && listed.All(path => PackedFolder.HashOf(Path.Combine(folder, path[(place.Length + 1)..])) == files[path]);
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }
}
