using System.Diagnostics.CodeAnalysis;

namespace MedGen.Model.TextEncoders.Cleaning;

/// <summary>
/// A single-byte encoding that UTF-8 is often misread as. The Windows pages are taken loosely, as real programs do: a byte without a
/// character stands for itself, and U+FFFD, which is what is left of a byte that was lost, is written as byte 1A.
/// </summary>
internal sealed class CodePage
{
    /// <summary>The byte that stands for a lost byte.</summary>
    public const byte Lost = 0x1A;

    private const int UpperHalf = 0x80;
    private const char Replacement = '\uFFFD';

    private readonly Dictionary<char, byte> _bytes = [];
    private readonly char[] _characters = new char[256];

    private CodePage(string name, IEnumerable<char> upperHalf)
    {
        Name = name;
        IsWindows = name.StartsWith("cp125", StringComparison.Ordinal);
        for (int value = 0; value < UpperHalf; value++)
        {
            _characters[value] = (char)value;
        }

        upperHalf.ToArray().CopyTo(_characters, UpperHalf);
        if (IsWindows)
        {
            _characters[Lost] = Replacement;
        }

        for (int value = 0; value < _characters.Length; value++)
        {
            _bytes.TryAdd(_characters[value], (byte)value);
        }
    }

    /// <summary>The pages in the order in which they are tried: the likeliest first.</summary>
    public static IReadOnlyList<CodePage> All { get; } = ReadAll();

    /// <summary>Latin-1, in which every byte is the code point of the same number.</summary>
    public static CodePage Latin1 => All[0];

    /// <summary>Windows-1252.</summary>
    public static CodePage Windows1252 => All[1];

    /// <summary>The name, for instance <c>cp1252</c>.</summary>
    public string Name { get; }

    /// <summary>Whether this is one of the Windows pages.</summary>
    public bool IsWindows { get; }

    /// <summary>The characters of a range of bytes.</summary>
    /// <param name="first">First byte.</param>
    /// <param name="last">Last byte.</param>
    /// <returns>The characters.</returns>
    public ReadOnlySpan<char> Characters(byte first, byte last) => _characters.AsSpan(first..(last + 1));

    /// <summary>Encodes a text if this page has all of its characters.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>Whether it could be encoded.</returns>
    public bool TryEncode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        byte[] encoded = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (!_bytes.TryGetValue(text[i], out encoded[i]))
            {
                bytes = null;
                return false;
            }
        }

        bytes = encoded;
        return true;
    }

    /// <summary>Decodes bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>The text, one character a byte.</returns>
    public string Decode(ReadOnlySpan<byte> bytes)
    {
        char[] text = new char[bytes.Length];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = _characters[bytes[i]];
        }

        return new string(text);
    }

    private static List<CodePage> ReadAll()
    {
        Dictionary<string, char[]> tables = UnicodeTables.Read("code-pages.txt")
            .ToDictionary(fields => fields[0], fields => fields.Skip(1).Select(field => (char)UnicodeTables.CodePoint(field)).ToArray());
        string[] order = ["cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "iso8859-2", "mac_roman", "cp437"];
        return
        [
            new CodePage("latin-1", Enumerable.Range(UpperHalf, UpperHalf).Select(value => (char)value)),
            .. order.Select(name => new CodePage(name, tables[name])),
        ];
    }
}
