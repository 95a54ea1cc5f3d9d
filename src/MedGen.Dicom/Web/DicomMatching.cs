using System.Text.RegularExpressions;
using MedGen.Dicom.DataSets;

namespace MedGen.Dicom.Web;

/// <summary>Whether an attribute matches what was asked for (PS3.4, C.2.2.2): single values, lists of UIDs, wildcards, ranges of dates and
/// times.</summary>
public static class DicomMatching
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Compares.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="tag">The attribute.</param>
    /// <param name="wanted">What was asked for; empty matches everything.</param>
    /// <returns>Whether one of the attribute's values matches.</returns>
    public static bool Matches(DicomDataSet set, DicomTag tag, string wanted)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.Length == 0)
        {
            return true;
        }

        IReadOnlyList<string> values = set.Texts(tag);
        return StandardElements.VrOf(tag) switch
        {
            DicomVr.UI => values.Any(value => wanted.Split(',', '\\').Contains(value, StringComparer.Ordinal)),
            DicomVr.DA or DicomVr.TM or DicomVr.DT when wanted.Contains('-', StringComparison.Ordinal) => values.Any(value => InRange(value, wanted)),
            DicomVr.PN => values.Any(value => IsLike(value, wanted, ignoreCase: true)),
            _ => values.Any(value => IsLike(value, wanted, ignoreCase: false)),
        };
    }

    private static bool InRange(string value, string range)
    {
        string[] ends = range.Split('-', 2);
        return value.Length > 0 && (ends[0].Length == 0 || string.CompareOrdinal(value, ends[0]) >= 0)
            && (ends[1].Length == 0 || string.CompareOrdinal(value[..Math.Min(value.Length, ends[1].Length)], ends[1]) <= 0);
    }

    /// <summary>Whether a text is like another, in which * stands for any characters and ? for one.</summary>
    /// <param name="value">The text.</param>
    /// <param name="wanted">The other.</param>
    /// <param name="ignoreCase">Whether capitals and small letters are the same.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsLike(string value, string wanted, bool ignoreCase)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(wanted);
        StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!wanted.AsSpan().ContainsAny('*', '?'))
        {
            return value.Equals(wanted, comparison);
        }

        string pattern = Regex.Escape(wanted).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);
        RegexOptions options = RegexOptions.Singleline | RegexOptions.NonBacktracking | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        return Regex.IsMatch(value, $"^{pattern}$", options | RegexOptions.CultureInvariant, Longest);
    }
}
