using System.Globalization;
using System.Text.RegularExpressions;

namespace MedGen.PluginHost.Packs;

/// <summary>What paths a pack may hold: those that mean the same file below the plugin's folder on every disk.</summary>
internal static partial class PackPath
{
    /// <summary>Most characters of a path.</summary>
    public const int MaxLength = 200;

    /// <summary>What is wrong with a path, as the rest of a sentence; null: nothing.</summary>
    public static string? Violation(string path)
    {
        string[] parts = path.Split('/');
        return path.Length > MaxLength ? $"is longer than {MaxLength} characters."
            : !Printable().IsMatch(path) ? "must be of printable ASCII characters other than \\ : * ? \" < > |."
            : parts.Any(part => part is "" or "." or ".." || part[^1] is '.' or ' ' || part[0] == ' ')
                ? "must be a relative path inside the plugin's folder; no part is empty, starts with a space or ends in a dot or a space."
            : parts.Any(part => Device().IsMatch(part)) ? "has the name of a device of Windows: CON, PRN, AUX, NUL, COM0 to COM9, LPT0 to LPT9."
            : IsReserved(path) ? "has a name that the pack itself needs."
            : null;
    }

    /// <summary>Whether this is the index or its signature.</summary>
    public static bool IsOwn(string path) => path is PackIndex.FileName or PackSignature.FileName;

    /// <summary>Whether the index or its signature has this name, in any case.</summary>
    public static bool IsReserved(string path) =>
        path.Equals(PackIndex.FileName, StringComparison.OrdinalIgnoreCase)
        || path.Equals(PackSignature.FileName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The folders that a file lies in, such as <c>a</c> and <c>a/b</c> of <c>a/b/c</c>.</summary>
    public static IEnumerable<string> FoldersOf(string path)
    {
        for (int i = path.IndexOf('/', StringComparison.Ordinal); i > 0; i = path.IndexOf('/', i + 1))
        {
            yield return path[..i];
        }
    }

    /// <summary>A text of a stranger as it may stand in a message.</summary>
    public static string Shown(string text) =>
        string.Concat(text.Take(MaxLength).Select(c => IsHidden(c) || char.IsSurrogate(c) ? '?' : c));

    /// <summary>Whether a character steers a terminal, or the direction of what is written, instead of being seen.</summary>
    public static bool IsHidden(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    // With anything behind a dot, too.
    [GeneratedRegex(@"\A(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(\.|\z)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();

    [GeneratedRegex("""\A[ -~-[\\:*?"<>|]]+\z""")]
    private static partial Regex Printable();
}
