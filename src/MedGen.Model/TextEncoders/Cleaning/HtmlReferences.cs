using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>Character references of HTML, decoded in two ways: as a browser does, and cautiously, only where they cannot be meant as text.</summary>
internal static partial class HtmlReferences
{
    private static readonly Dictionary<string, string> Named = ReadTable("html-entities.txt");
    private static readonly Dictionary<string, string> UpperCased = ReadTable("html-entities-uppercase.txt");

    /// <summary>Decodes every reference as the HTML standard says, with or without its semicolon (Python's <c>html.unescape</c>).</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The decoded text.</returns>
    public static string Decode(string text) => text.Contains('&', StringComparison.Ordinal)
        ? AnyReference().Replace(text, match => DecodeOne(match.Groups[1].Value))
        : text;

    /// <summary>Decodes only references that end in a semicolon, and known names in capitals (<c>&amp;EACUTE;</c>), as ftfy does.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The decoded text.</returns>
    public static string DecodeCautiously(string text) => text.Contains('&', StringComparison.Ordinal)
        ? ClosedReference().Replace(text, match =>
        {
            string body = match.Groups[1].Value;
            if (Named.TryGetValue(body, out string? known) || UpperCased.TryGetValue(body, out known))
            {
                return known;
            }

            string decoded = body.StartsWith('#') ? Decode(match.Value) : match.Value;
            return decoded.Contains(';', StringComparison.Ordinal) ? match.Value : decoded;
        })
        : text;

    [GeneratedRegex("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)", RegexOptions.CultureInvariant)]
    private static partial Regex AnyReference();

    [GeneratedRegex("&(#?[0-9A-Za-z]{1,24};)", RegexOptions.CultureInvariant)]
    private static partial Regex ClosedReference();

    private static string DecodeOne(string body)
    {
        if (body[0] == '#')
        {
            ReadOnlySpan<char> digits = body.AsSpan(1).TrimEnd(';');
            return body[1] is 'x' or 'X' ? Character(Number(digits[1..], 16)) : Character(Number(digits, 10));
        }

        if (Named.TryGetValue(body, out string? known))
        {
            return known;
        }

        // Old names may lack the semicolon: the longest of them that the text begins with counts.
        for (int length = body.Length - 1; length > 1; length--)
        {
            if (Named.TryGetValue(body[..length], out known))
            {
                return known + body[length..];
            }
        }

        return "&" + body;
    }

    private static int Number(ReadOnlySpan<char> digits, int radix)
    {
        int number = 0;
        foreach (char digit in digits)
        {
            number = number * radix + int.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (number > 0x10FFFF)
            {
                return int.MaxValue;
            }
        }

        return number;
    }

    private static string Character(int number) => number switch
    {
        0 or (>= 0xD800 and <= 0xDFFF) or > 0x10FFFF => "\uFFFD",
        0x0D => "\r",
        >= 0x80 and <= 0x9F => CodePage.Windows1252.Decode([(byte)number]),
        < 0x09 or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
        _ when (number & 0xFFFE) == 0xFFFE => "",
        _ => new Rune(number).ToString(),
    };

    private static Dictionary<string, string> ReadTable(string name) =>
        UnicodeTables.Read(name).ToDictionary(fields => fields[0], fields => UnicodeTables.Text(fields.Skip(1)), StringComparer.Ordinal);
}
