using System.Buffers;
using System.Text;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>Turns raw text into what pieces are matched against: mapped characters, one U+2581 for each run of spaces, one in front.</summary>
internal sealed class SentencePieceNormalizer
{
    /// <summary>U+2581, which stands for a space.</summary>
    public const char SpaceSymbol = '\u2581';

    private const byte Space = (byte)' ';

    private readonly CharacterMap _map;
    private readonly byte[][] _userDefined;
    private readonly bool _addDummyPrefix;
    private readonly bool _removeExtraWhitespaces;

    /// <summary>Creates the normaliser of a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidDataException">The character map is broken.</exception>
    public SentencePieceNormalizer(SentencePieceModel model)
    {
        _map = new CharacterMap(model.CharacterMap.Span);
        _userDefined = [.. model.Pieces.Where(piece => piece.Type == PieceType.UserDefined).Select(piece => Encoding.UTF8.GetBytes(piece.Text))
            .OrderByDescending(text => text.Length)];
        _addDummyPrefix = model.AddDummyPrefix;
        _removeExtraWhitespaces = model.RemoveExtraWhitespaces;
    }

    /// <summary>Normalises a text.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <returns>The normalised text; empty when nothing but spaces is left.</returns>
    public string Normalize(string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        ArrayBufferWriter<byte> normalized = new(rest.Length + 1);
        bool afterSpace = _removeExtraWhitespaces;
        bool any = false;
        while (!rest.IsEmpty)
        {
            int consumed = Map(rest, out ReadOnlySpan<byte> mapped);
            rest = rest[consumed..];
            if (afterSpace)
            {
                mapped = mapped.TrimStart(Space);
            }

            if (mapped.IsEmpty)
            {
                continue;
            }

            if (!any && _addDummyPrefix)
            {
                normalized.Write([Space]);
            }

            any = true;
            normalized.Write(mapped);
            afterSpace = _removeExtraWhitespaces && mapped[^1] == Space;
        }

        ReadOnlySpan<byte> result = normalized.WrittenSpan;
        if (_removeExtraWhitespaces)
        {
            result = result.TrimEnd(Space);
        }

        return Encoding.UTF8.GetString(result).Replace(' ', SpaceSymbol);
    }

    private int Map(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> mapped)
    {
        foreach (byte[] symbol in _userDefined)
        {
            if (text.StartsWith(symbol))
            {
                mapped = text[..symbol.Length];
                return symbol.Length;
            }
        }

        int length = _map.Match(text, out mapped);
        if (length == 0)
        {
            Rune.DecodeFromUtf8(text, out _, out length);
            mapped = text[..length];
        }

        return length;
    }
}
