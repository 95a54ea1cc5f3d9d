using System.Collections.Frozen;
using System.Text;

namespace MedGen.Dicom.Text;

/// <summary>
/// Decodes text by (0008,0005) Specific Character Set (PS3.3, C.12.1.1.2): single sets, UTF-8, GB18030, GBK, and ISO 2022 with escapes to several.
/// </summary>
internal sealed class CharacterSet
{
    /// <summary>Begins a call of another set.</summary>
    public const byte Escape = 0x1B;

    // Code pages of the sets without code extensions; those of ISO 2022 use the same for their upper half.
    private static readonly FrozenDictionary<string, int> CodePages = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        [""] = 20127, ["ISO_IR 6"] = 20127, ["ISO_IR 100"] = 28591, ["ISO_IR 101"] = 28592, ["ISO_IR 109"] = 28593, ["ISO_IR 110"] = 28594,
        ["ISO_IR 144"] = 28595, ["ISO_IR 127"] = 28596, ["ISO_IR 126"] = 28597, ["ISO_IR 138"] = 28598, ["ISO_IR 148"] = 28599,
        ["ISO_IR 203"] = 28605, ["ISO_IR 13"] = 932, ["ISO_IR 166"] = 874, ["ISO_IR 192"] = 65001, ["GB18030"] = 54936, ["GBK"] = 936,
        ["ISO_IR 87"] = 20932, ["ISO_IR 159"] = 20932, ["ISO_IR 149"] = 51949, ["ISO_IR 58"] = 936,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Escape sequences and the set that they call (PS3.3, tables C.12-3 and C.12-4). Low: two bytes of 7 bits each, read with their high bits set.
    private static readonly (byte[] Sequence, string Set, bool IsLow)[] Escapes =
    [
        ([0x28, 0x42], "ISO_IR 6", false), ([0x2D, 0x41], "ISO_IR 100", false), ([0x2D, 0x42], "ISO_IR 101", false),
        ([0x2D, 0x43], "ISO_IR 109", false), ([0x2D, 0x44], "ISO_IR 110", false), ([0x2D, 0x4C], "ISO_IR 144", false),
        ([0x2D, 0x47], "ISO_IR 127", false), ([0x2D, 0x46], "ISO_IR 126", false), ([0x2D, 0x48], "ISO_IR 138", false),
        ([0x2D, 0x4D], "ISO_IR 148", false), ([0x2D, 0x62], "ISO_IR 203", false), ([0x2D, 0x54], "ISO_IR 166", false),
        ([0x28, 0x4A], "ISO_IR 13", false), ([0x29, 0x49], "ISO_IR 13", false), ([0x24, 0x42], "ISO_IR 87", true),
        ([0x24, 0x28, 0x44], "ISO_IR 159", true), ([0x24, 0x29, 0x43], "ISO_IR 149", false), ([0x24, 0x29, 0x41], "ISO_IR 58", false),
    ];

    private readonly Encoding _first;
    private readonly bool _hasEscapes;

    static CharacterSet() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private CharacterSet(Encoding first, bool hasEscapes) => (_first, _hasEscapes) = (first, hasEscapes);

    /// <summary>ASCII, which a data set has that names no other.</summary>
    public static CharacterSet Default { get; } = new(Encoding.ASCII, false);

    /// <summary>UTF-8, in which text is written here.</summary>
    public static CharacterSet Utf8 { get; } = new(new UTF8Encoding(false), false);

    /// <summary>Whether all characters can be written in it.</summary>
    public bool IsUtf8 => _first.CodePage == Encoding.UTF8.CodePage;

    /// <summary>The set of some terms; null when one of them is not known.</summary>
    public static CharacterSet? Find(IReadOnlyList<string> terms)
    {
        string[] names = [.. terms.Select(term => term.Replace("ISO 2022 IR", "ISO_IR", StringComparison.Ordinal).Replace("ISO-IR", "ISO_IR",
            StringComparison.Ordinal))];
        return names.Length == 0 ? Default
            : names.Any(name => !CodePages.ContainsKey(name)) ? null
            : new CharacterSet(Encoding.GetEncoding(CodePages[names[0]]), terms.Any(term => term.StartsWith("ISO 2022", StringComparison.Ordinal)));
    }

    /// <summary>Encodes text in the first set.</summary>
    public byte[] Encode(string text) => _first.GetBytes(text);

    /// <summary>Decodes a value; bytes that are no characters become U+FFFD.</summary>
    /// <param name="bytes">The value, maybe several with backslashes between.</param>
    /// <param name="isName">Whether the delimiters of a person name call the first set again.</param>
    public string Decode(ReadOnlySpan<byte> bytes, bool isName = false)
    {
        if (!_hasEscapes || !bytes.Contains(Escape))
        {
            return _first.GetString(bytes);
        }

        StringBuilder text = new();
        (Encoding encoding, bool low, bool higher) = (_first, false, false);
        int start = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] == Escape)
            {
                Flush(bytes[start..at]);
                if (Match(bytes[(at + 1)..]) is { Sequence: { } sequence } escape)
                {
                    (encoding, low, higher) = (Encoding.GetEncoding(CodePages[escape.Set]), escape.IsLow, escape.Set == "ISO_IR 159");
                    at += sequence.Length;
                }

                start = at + 1;
            }
            else if (bytes[at] is (byte)'\r' or (byte)'\n' or (byte)'\f' or (byte)'\t' || (!low && Resets(bytes[at], isName)))
            {
                Flush(bytes[start..at]);
                text.Append((char)bytes[at]);
                (encoding, low) = (_first, false);
                start = at + 1;
            }
        }

        Flush(bytes[start..]);
        return text.ToString();

        void Flush(ReadOnlySpan<byte> run)
        {
            if (!low)
            {
                text.Append(encoding.GetString(run));
                return;
            }

            // EUC: the same two bytes with their high bits set, those of JIS X 0212 behind a single shift.
            List<byte> euc = [];
            for (int i = 0; i < run.Length; i += 2)
            {
                euc.AddRange(higher ? (byte[])[0x8F] : []);
                euc.AddRange(run.Slice(i, Math.Min(2, run.Length - i)).ToArray().Select(one => (byte)(one | 0x80)));
            }

            text.Append(encoding.GetString([.. euc]));
        }
    }

    private static bool Resets(byte one, bool isName) => one == (byte)'\\' || (isName && one is ((byte)'^' or (byte)'='));

    private static (byte[] Sequence, string Set, bool IsLow)? Match(ReadOnlySpan<byte> rest)
    {
        foreach ((byte[] Sequence, string Set, bool IsLow) escape in Escapes)
        {
            if (rest.StartsWith(escape.Sequence))
            {
                return escape;
            }
        }

        return null;
    }
}
