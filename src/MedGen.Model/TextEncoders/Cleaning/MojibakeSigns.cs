using System.Text.RegularExpressions;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>
/// The signs by which misread UTF-8 is told from intended text, as ftfy 6.3 has found them in the wild (rspeer/python-ftfy, badness.py and
/// chardata.py): sequences of characters that single-byte encodings put beside each other only when they show a multi-byte character.
/// </summary>
internal static class MojibakeSigns
{
    // Bodies of regular expression classes.
    private const string Common = "\u00a0\u00ad\u00b7\u00b4\u2013\u2014\u2015\u2026\u2019";
    private const string Controls = "\u0080-\u009f";
    private const string Rare = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº";
    private const string Legal = "¶§";
    private const string Currency = "¢£¥₧€";
    private const string Opening = "¡«¿©\u0384\u0385\u2018\u201a\u201c\u201e•‹\uf8ff";
    private const string Closing = "®»˝\u201d›™";
    private const string Numeric = "²³¹±¼½¾×\u00b5÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№";
    private const string Faces = "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°";
    private const string UpperAccented = "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ";
    private const string LowerAccented = "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ";
    private const string UpperCommon = "Þ\u0391-\u03a9ΆΈΉΊΌΎΏΪΫ\u0401-\u042f";
    private const string LowerCommon = "\u03b1-\u03c9άέήίΰ\u0430-\u045f";
    private const string Boxes = "│┌┐┘├┤┬┼\u2550-\u256c▀▄█▌▐░▒▓";
    private const string WordCharacter = @"[\p{L}\p{N}_]";

    private static readonly Regex Sign = new(string.Join('|', Signs()), RegexOptions.CultureInvariant);

    private static readonly Regex Sequence = SequencePattern();

    /// <summary>Whether a text looks misread somewhere.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether a sign was found.</returns>
    public static bool AreIn(string text) => Sign.IsMatch(text);

    /// <summary>Replaces the stretches that have the shape of misread UTF-8, whatever page each was misread as.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="replace">Gives the replacement of one stretch.</param>
    /// <returns>The text with the replacements.</returns>
    public static string ReplaceSequences(string text, Func<string, string> replace) => Sequence.Replace(text, match => replace(match.Value));

    private static IEnumerable<string> Signs() =>
    [
        $"[{Controls}]",

        // Characters of kinds that do not stand side by side.
        $"[{Rare}{LowerAccented}{UpperAccented}{Boxes}{Opening}{Closing}{Currency}{Numeric}{Legal}][{Rare}]",
        $"[a-zA-Z][{LowerCommon}{UpperCommon}][{Rare}]",
        $"[{Rare}][{LowerAccented}{UpperAccented}{Boxes}{Opening}{Closing}{Currency}{Numeric}{Legal}]",
        $"[{LowerAccented}{LowerCommon}{Boxes}{Closing}{Currency}{Numeric}][{UpperAccented}]",
        $"[{Boxes}{Closing}{Currency}{Numeric}][{LowerAccented}]",
        $"[{LowerAccented}{Boxes}{Closing}][{Currency}]",
        $"\\s[{UpperAccented}][{Currency}]",
        $"[{UpperAccented}{Boxes}][{Numeric}{Legal}]",
        $"[{LowerAccented}{UpperAccented}{Boxes}{Currency}{Closing}][{Opening}][{Numeric}]",
        $"[{LowerAccented}{UpperAccented}{Currency}{Numeric}{Boxes}{Legal}][{Closing}][{Opening}]",
        $"[{Currency}{Numeric}{Boxes}][{Opening}]",
        $"[a-z][{UpperAccented}][{Opening}{Currency}]",
        $"[{Boxes}][{Faces}]",
        $"[{LowerAccented}{UpperAccented}{Currency}{Numeric}{Opening}{Closing}{Legal}][{Boxes}]",
        $"[{Boxes}][{Closing}]",
        $"[{LowerAccented}{UpperAccented}][{Opening}{Closing}]{WordCharacter}",
        "[Œœ][^A-Za-z]",
        $"[{UpperAccented}]°",

        // Windows-1252: Latin, Arabic and South Asian letters.
        $"[ÂÃÎÐ][€œŠš¢£Ÿž\u00a0\u00ad®©°·»{Opening}{Closing}–—´]",
        "×[²³]",
        $"[ØÙ][{Common}{Currency}{Rare}{Numeric}{Opening}ŸŠ®°\u00b5»][ØÙ][{Common}{Currency}{Rare}{Numeric}{Opening}ŸŠ®°\u00b5»]",
        "à[²\u00b5¹¼½¾]",
        "Ã[\u00a0¡]",
        "[a-z]\\s?[ÃÂ] ",
        "^[ÃÂ] ",
        $"[a-z.,?!{Closing}]Â[ {Opening}{Closing}]",

        // MacRoman.
        "√[±∂†≠®™´≤≥¥\u00b5ø]",
        "≈[°¢]",
        "‚Ä[ìîïòôúùû†°¢π]",
        "‚[âó][àä°ê]",

        // Windows-1251: punctuation, then letters, which are common enough to ask for three.
        "вЂ",
        $"[ВГРС][{Controls}{Rare}{Opening}{Closing}{Currency}°\u00b5][ВГРС]",
        "ГўВЂВ.[A-Za-z ]",

        // Windows-1253 and Windows-1257.
        "β€[™\u00a0Ά\u00ad®°]",
        $"[ΒΓΞΟ][{Controls}{Rare}{Opening}{Closing}{Currency}°][ΒΓΞΟ]",
        "ā€",
    ];

    /// <summary>
    /// First bytes C2-DF take one continuation byte (80-BF), E0-EF two, F0 and F3 (the planes in use) three; each byte may show itself through any
    /// of the Windows pages or Latin-1. A stretch does not begin behind a character that is itself a likely continuation: fixing a part of
    /// a larger garble would make it worse.
    /// </summary>
    private static Regex SequencePattern()
    {
        string lead2 = Class(0xC2, 0xDF);
        string lead3 = Class(0xE0, 0xEF);
        string lead4 = Class(0xF0, 0xF0) + Class(0xF3, 0xF3);
        string continuation = Class(0x80, 0xBF);
        const string NormalBesideText = "\u2013\u2014\u2015\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026";
        string strict = string.Concat(continuation.Where(character => !NormalBesideText.Contains(character, StringComparison.Ordinal)));
        return new Regex(
            $"(?<![{strict}])(?:[{lead2}][{continuation} ]|[{lead3}][{continuation} ]{{2}}|[{lead4}][{continuation} ]{{3}})+",
            RegexOptions.CultureInvariant);
    }

    private static string Class(byte first, byte last)
    {
        SortedSet<char> characters = [];
        foreach (CodePage page in CodePage.All.Where(page => page.IsWindows).Prepend(CodePage.Latin1))
        {
            foreach (char character in page.Characters(first, last))
            {
                characters.Add(character);
            }
        }

        return string.Concat(characters);
    }
}
