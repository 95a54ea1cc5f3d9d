using System.Buffers.Binary;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>
/// The precompiled normalisation map of SentencePiece: a Darts-clone double array trie over UTF-8 keys whose values are offsets into a block
/// of zero-terminated UTF-8 strings. Layout: u32 size of the trie in bytes, the trie as u32 units, the strings; all little-endian.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _strings;

    /// <summary>Parses the map.</summary>
    /// <param name="blob">The precompiled map; empty for a map that changes nothing.</param>
    /// <exception cref="InvalidDataException">The sizes do not fit together.</exception>
    public CharacterMap(ReadOnlySpan<byte> blob)
    {
        if (blob.IsEmpty)
        {
            _units = [];
            _strings = [];
            return;
        }

        uint trieBytes = blob.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(blob) : uint.MaxValue;
        if (trieBytes == 0 || trieBytes % sizeof(uint) != 0 || trieBytes > blob.Length - sizeof(uint))
        {
            throw new InvalidDataException($"the character map of {blob.Length} bytes claims a trie of {trieBytes} bytes");
        }

        ReadOnlySpan<byte> trie = blob.Slice(sizeof(uint), (int)trieBytes);
        _units = new uint[trieBytes / sizeof(uint)];
        for (int i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(trie[(i * sizeof(uint))..]);
        }

        _strings = blob[(sizeof(uint) + (int)trieBytes)..].ToArray();
    }

    /// <summary>Finds the longest key at the start of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">What the key is replaced with, UTF-8.</param>
    /// <returns>Length of the key in bytes; 0 when no key matches.</returns>
    public int Match(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        if (_units.Length == 0)
        {
            return 0;
        }

        int matched = 0;
        uint node = Offset(_units[0]);
        for (int i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= _units.Length || Label(_units[node]) != text[i])
            {
                break;
            }

            uint unit = _units[node];
            node ^= Offset(unit);
            if (HasLeaf(unit) && node < _units.Length)
            {
                matched = i + 1;
                replacement = StringAt((int)(_units[node] & 0x7FFF_FFFF));
            }
        }

        return matched;
    }

    // A unit: bit 31 marks a leaf (bits 0-30 hold its value); otherwise bits 0-7 hold the label, bit 8 says that a leaf hangs below,
    // bits 10-30 hold the offset, which is shifted by 8 more when bit 9 is set.
    private static uint Label(uint unit) => unit & 0x8000_00FF;

    private static bool HasLeaf(uint unit) => (unit >> 8 & 1) == 1;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private ReadOnlySpan<byte> StringAt(int offset)
    {
        if (offset >= _strings.Length)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = _strings.AsSpan(offset);
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }
}
