using System.Text.RegularExpressions;

namespace MedGen.Model.Adapters;

/// <summary>Finds the name that somebody may have meant.</summary>
internal static partial class NearestName
{
    /// <summary>
    /// The name that is fewest changes of a letter away, among those of the same block, if they are fewer than half of its letters.
    /// </summary>
    /// <param name="name">A name that is not known.</param>
    /// <param name="known">Those that are.</param>
    /// <returns>The nearest one, the first in ordinal order of several; null: none is near.</returns>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string block = Block().Match(name).Value;
        (string Name, int Distance)[] near =
        [
            .. known.Where(other => Block().Match(other).Value == block).Select(other => (other, Distance(name, other)))
                .OrderBy(pair => pair.Item2).ThenBy(pair => pair.other, StringComparer.Ordinal).Take(1),
        ];
        return near is [var best] && best.Distance < (name.Length - block.Length) / 2.0 ? best.Name : null;
    }

    // Levenshtein's, row by row.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    [GeneratedRegex("^blocks\\.[0-9]+\\.", RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
