using System.Text.RegularExpressions;

namespace MedGen.Datasets.Reading;

/// <summary>
/// Which licences let a picture be trained on when the weights are given away: CC0, CC BY, CC BY-SA, public domain, MIT, BSD and Apache. A statement
/// that also names another licence, or none, does not.
/// </summary>
internal static partial class TrainingLicence
{
    /// <summary>Whether a manifest's statement names permissive licences alone.</summary>
    public static bool IsPermissive(string statement) => Permissive().IsMatch(statement) && !Other().IsMatch(statement);

    [GeneratedRegex(@"\bCC0\b|\bCC[ -]BY\b|public domain|\bMIT\b|\bBSD\b|\bApache\b", RegexOptions.IgnoreCase)]
    private static partial Regex Permissive();

    // "Apache-2.0 (or EPL-2.0)" is a choice; "-NC" and "-ND" restrict, and so do copyleft licences of programs and documents.
    [GeneratedRegex(@"GPL|GFDL|MS-PL|\bCC[ -]BY(-SA)?-N[CD]\b|no[n]?[ -]?commercial|research (use )?only", RegexOptions.IgnoreCase)]
    private static partial Regex Other();
}
