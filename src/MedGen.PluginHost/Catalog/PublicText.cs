using System.Text.RegularExpressions;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// Takes the folders of this machine out of a text that callers will read: what went wrong and in which file is their business, where the host keeps
/// its files is not. The log gets the whole text.
/// </summary>
internal static partial class PublicText
{
    /// <summary>Shortens every absolute path to its last part.</summary>
    /// <param name="text">A reason, perhaps with the message of an exception in it.</param>
    /// <param name="folder">Version folder of the plugin; it may hold spaces, at which a path in a text cannot be told from what follows.</param>
    public static string WithoutFolders(string text, string folder)
    {
        string relative = text.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

        // <root>/<id>/<version>, the longest first.
        string plugin = Path.GetDirectoryName(folder)!;
        foreach (string known in new[] { folder, plugin, Path.GetDirectoryName(plugin)! })
        {
            relative = relative.Replace(known, Path.GetFileName(known), StringComparison.Ordinal);
        }

        return AbsolutePath().Replace(relative, "${last}");
    }

    // Two parts at least, so that a lone "/word" stays; the character before must not belong to a word or an address such as https://.
    [GeneratedRegex(@"(?<![\w.:/\\-])(?:[A-Za-z]:\\|/)(?:[^\s'""<>|:;,()/\\]+[/\\])+(?<last>[^\s'""<>|:;,()/\\]*)")]
    private static partial Regex AbsolutePath();
}
