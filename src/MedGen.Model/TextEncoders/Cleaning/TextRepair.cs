using System.Text;
using System.Text.RegularExpressions;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>
/// Repairs text as <c>ftfy.fix_text</c> 6.3 does with its defaults: HTML references, mojibake, ligatures, character width, curly quotes,
/// line breaks, surrogates, terminal escapes, control characters, normalization form C; line by line, each until nothing changes.
/// </summary>
internal static partial class TextRepair
{
    private const int LongestSegment = 1_000_000;

    private static readonly Dictionary<char, string> Ligatures = new()
    {
        ['\u0132'] = "IJ", ['\u0133'] = "ij", ['\u0149'] = "\u02bcn",
        ['\u01f1'] = "DZ", ['\u01f2'] = "Dz", ['\u01f3'] = "dz", ['\u01c4'] = "D\u017d", ['\u01c5'] = "D\u017e", ['\u01c6'] = "d\u017e",
        ['\u01c7'] = "LJ", ['\u01c8'] = "Lj", ['\u01c9'] = "lj", ['\u01ca'] = "NJ", ['\u01cb'] = "Nj", ['\u01cc'] = "nj",
        ['\ufb00'] = "ff", ['\ufb01'] = "fi", ['\ufb02'] = "fl", ['\ufb03'] = "ffi", ['\ufb04'] = "ffl", ['\ufb05'] = "\u017ft", ['\ufb06'] = "st",
    };

    private static readonly Dictionary<char, string> Widths = UnicodeTables.Read("character-width.txt")
        .ToDictionary(fields => (char)UnicodeTables.CodePoint(fields[0]), fields => UnicodeTables.Text(fields.Skip(1)));

    /// <summary>Repairs a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The repaired text, well-formed UTF-16.</returns>
    public static string Repair(string text)
    {
        StringBuilder repaired = new(text.Length);
        bool decodeReferences = true;
        int position = 0;
        while (position < text.Length)
        {
            int end = text.IndexOf('\n', position) + 1;
            end = end == 0 ? text.Length : end;
            end = Math.Min(end, position + LongestSegment);
            string segment = text[position..end];

            // A "<" says that the text is HTML, in which references are meant; from here on they stay.
            decodeReferences &= !segment.Contains('<', StringComparison.Ordinal);
            repaired.Append(RepairSegment(segment, decodeReferences));
            position = end;
        }

        return repaired.ToString();
    }

    private static string RepairSegment(string text, bool decodeReferences)
    {
        string previous;
        do
        {
            previous = text;
            if (decodeReferences)
            {
                text = HtmlReferences.DecodeCautiously(text);
            }

            text = MojibakeRepair.Repair(text);
            text = MojibakeRepair.ReplaceControls(text);
            text = Translate(text, Ligatures);
            text = Translate(text, Widths);
            text = DoubleQuote().Replace(text, "\"");
            text = SingleQuote().Replace(text, "'");
            text = LineBreak().Replace(text, "\n");
            text = ReplaceLoneSurrogates(text);
            text = TerminalEscape().Replace(text, "");
            text = ControlCharacter().Replace(text, "");
            text = CanonicalComposition.Normalize(text);
        }
        while (text != previous);
        return text;
    }

    private static string Translate(string text, Dictionary<char, string> table)
    {
        StringBuilder? translated = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (table.TryGetValue(text[i], out string? replacement))
            {
                translated ??= new StringBuilder(text, 0, i, text.Length);
                translated.Append(replacement);
            }
            else
            {
                translated?.Append(text[i]);
            }
        }

        return translated?.ToString() ?? text;
    }

    // Reading rune by rune turns each lone surrogate into U+FFFD.
    private static string ReplaceLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return text;
        }

        StringBuilder runes = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            runes.Append(rune);
        }

        return runes.ToString();
    }

    [GeneratedRegex("[\u02bc\u2018-\u201b]", RegexOptions.CultureInvariant)]
    private static partial Regex SingleQuote();

    [GeneratedRegex("[\u201c-\u201f]", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleQuote();

    [GeneratedRegex("\r\n|[\r\u2028\u2029\u0085]", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreak();

    [GeneratedRegex("\u001b\\[[\\d;]*[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalEscape();

    [GeneratedRegex("[\0-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]", RegexOptions.CultureInvariant)]
    private static partial Regex ControlCharacter();
}
