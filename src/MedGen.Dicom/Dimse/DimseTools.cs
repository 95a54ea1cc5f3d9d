using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Dimse;

/// <summary>DCMTK's programs, and the rules of what they are given.</summary>
internal static class DimseTools
{
    private const int LongestTitle = 16;

    private static readonly string[] Places = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>Full path of a program.</summary>
    /// <exception cref="FailedPreconditionException">It is not installed (<c>DCMTK_MISSING</c>).</exception>
    public static string Find(string program) => Places.Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists) ?? throw new FailedPreconditionException(
            "DCMTK_MISSING", $"'{program}' is not installed; DICOM over DIMSE needs it: apt-get install dcmtk.");

    /// <summary>Whether a text is the title of an application entity: 1 to 16 characters of ASCII without backslash, not blank (PS3.5,
    /// 6.2).</summary>
    public static bool IsTitle(string text) => text.Length is >= 1 and <= LongestTitle && text.Trim().Length > 0
        && text.All(one => one is >= ' ' and <= '~' and not '\\') && text[0] != '-';

    public static void RequireTitle(string field, string text)
    {
        if (!IsTitle(text))
        {
            throw new InvalidInputException(field,
                $"has {text.Length} characters; allowed: 1 to {LongestTitle} printable ones, no backslash, no hyphen first.");
        }
    }
}
