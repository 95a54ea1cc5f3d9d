using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>
/// Repairs mojibake: text in UTF-8 that was read as a single-byte encoding, perhaps several times over. Follows the decisions of ftfy 6.3
/// (rspeer/python-ftfy): nothing is touched that does not look misread, and a text that decodes as a whole is decoded as a whole.
/// </summary>
internal static partial class MojibakeRepair
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Repairs a text until nothing changes any more.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The repaired text.</returns>
    public static string Repair(string text)
    {
        string previous;
        do
        {
            previous = text;
            text = RepairOnce(text);
        }
        while (text != previous);
        return text;
    }

    /// <summary>Replaces C1 control characters by what their bytes mean in Windows-1252, as browsers do.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text without those that have a meaning there.</returns>
    public static string ReplaceControls(string text) =>
        Controls().Replace(text, match => CodePage.Windows1252.Decode([(byte)match.Value[0]]));

    private static string RepairOnce(string text)
    {
        if (Ascii.IsValid(text) || !MojibakeSigns.AreIn(text))
        {
            return text;
        }

        foreach (CodePage page in CodePage.All)
        {
            if (page.TryEncode(text, out byte[]? bytes) && TryDecode(page, bytes, out string? decoded))
            {
                return decoded;
            }
        }

        // No page explains the whole text: repair the stretches that look misread by themselves.
        string pieced = MojibakeSigns.ReplaceSequences(
            text, stretch => stretch.Length < text.Length && MojibakeSigns.AreIn(stretch) ? Repair(stretch) : stretch);
        return pieced != text ? pieced : ReplaceControls(text);
    }

    private static bool TryDecode(CodePage page, byte[] encoded, [NotNullWhen(true)] out string? decoded)
    {
        // Bytes as characters of the same number, so that regular expressions can work on them.
        string bytes = Encoding.Latin1.GetString(encoded);

        // In MacRoman this would match a dash before a space.
        if (page.Name != "mac_roman" && LostNoBreakSpace().IsMatch(bytes))
        {
            bytes = WordA().Replace(bytes, "\u00c3\u00a0 ");
            bytes = LostNoBreakSpace().Replace(bytes, match => match.Value.Replace(' ', '\u00a0'));
        }

        if (page.IsWindows)
        {
            bytes = LossySequence().Replace(bytes, "\u00ef\u00bf\u00bd");
        }

        // Java writes U+0000 in two bytes; CESU-8 writes each half of a surrogate pair in three.
        bytes = bytes.Replace("\u00c0\u0080", "\0", StringComparison.Ordinal);
        bytes = SurrogatePair().Replace(bytes, match => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(new string(
            [Surrogate(match.Value.AsSpan(0, 3)), Surrogate(match.Value.AsSpan(3, 3))]))));
        try
        {
            decoded = StrictUtf8.GetString(Encoding.Latin1.GetBytes(bytes));
            return true;
        }
        catch (DecoderFallbackException)
        {
            decoded = null;
            return false;
        }
    }

    private static char Surrogate(ReadOnlySpan<char> bytes) => (char)((bytes[0] & 0x0F) << 12 | (bytes[1] & 0x3F) << 6 | (bytes[2] & 0x3F));

    [GeneratedRegex("[\u0080-\u009f]", RegexOptions.CultureInvariant)]
    private static partial Regex Controls();

    // UTF-8 in which byte A0 was taken for a space.
    [GeneratedRegex(
        "[\u00c2\u00c3\u00c5\u00ce\u00d0\u00d9] "
        + "|[\u00e2\u00e3] [\u0080-\u0084\u0086-\u009f\u00a1-\u00bf]|[\u00e0-\u00e3][\u0080-\u0084\u0086-\u009f\u00a1-\u00bf] "
        + "|\u00f0 [\u0080-\u00bf]{2}|\u00f0[\u0080-\u00bf] [\u0080-\u00bf]|\u00f0[\u0080-\u00bf]{2} ",
        RegexOptions.CultureInvariant)]
    private static partial Regex LostNoBreakSpace();

    // "à" is mostly a word of its own, except in front of the rest of some frequent Portuguese words.
    [GeneratedRegex("\u00c3 (?! |quele|quela|quilo|s )", RegexOptions.CultureInvariant)]
    private static partial Regex WordA();

    // UTF-8 some of whose bytes were replaced by U+FFFD (here 1A) or, once at most, by a question mark.
    [GeneratedRegex(
        "[\u00c2-\u00df]\u001a|[\u00c2\u00c3]\\?"
        + "|\u00ed[\u00a0-\u00af][\u001a?]\u00ed[\u00b0-\u00bf][\u001a?\u0080-\u00bf]"
        + "|\u00ed[\u00a0-\u00af][\u001a?\u0080-\u00bf]\u00ed[\u00b0-\u00bf][\u001a?]"
        + "|[\u00e0-\u00ef][\u001a?][\u001a\u0080-\u00bf]|[\u00e0-\u00ef][\u001a\u0080-\u00bf][\u001a?]"
        + "|[\u00f0-\u00f4][\u001a?][\u001a\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u001a\u0080-\u00bf][\u001a?][\u001a\u0080-\u00bf]"
        + "|[\u00f0-\u00f4][\u001a\u0080-\u00bf]{2}[\u001a?]|\u001a",
        RegexOptions.CultureInvariant)]
    private static partial Regex LossySequence();

    [GeneratedRegex("\u00ed[\u00a0-\u00af][\u0080-\u00bf]\u00ed[\u00b0-\u00bf][\u0080-\u00bf]", RegexOptions.CultureInvariant)]
    private static partial Regex SurrogatePair();
}
