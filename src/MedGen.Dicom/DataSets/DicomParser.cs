using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.DataSets;

/// <summary>
/// Reads data elements from a source (PS3.5, 7). Long values, pixels and fragments stay in the file. Lengths of groups other than the second are left
/// out, as the standard asks of readers.
/// </summary>
internal sealed class DicomParser(DicomSource source, DicomLimits limits)
{
    private const uint Undefined = uint.MaxValue;
    private const int BufferBytes = 1 << 16;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private long _bufferStart;
    private int _bufferLength;
    private long _at;
    private long _inMemory;
    private int _count;

    /// <summary>Reads the file meta information, which begins at a position and is explicit little endian.</summary>
    /// <returns>The elements of group 2, and where the data set begins.</returns>
    public (DicomDataSet Meta, long End) ReadMeta(long start)
    {
        _at = start;
        DicomDataSet meta = new(null, source.Name);
        Elements(meta, source.Length, new Coding(true, false), depth: 0, isItem: false, onlyGroup: 2);
        return (meta, _at);
    }

    /// <summary>Reads the data set from a position to the end of the source.</summary>
    public DicomDataSet Read(long start, DicomTransferSyntax syntax)
    {
        _at = start;
        DicomDataSet set = new(null, source.Name);
        Elements(set, source.Length, new Coding(syntax.IsExplicit, syntax.IsBigEndian), depth: 0, isItem: false, onlyGroup: null);
        return set;
    }

    private readonly record struct Coding(bool IsExplicit, bool IsBigEndian);

    private void Elements(DicomDataSet set, long end, Coding coding, int depth, bool isItem, ushort? onlyGroup)
    {
        Span<byte> head = stackalloc byte[8];
        while (_at < end)
        {
            long start = _at;
            if (end - _at < head.Length)
            {
                throw Fail(start, $"{end - _at} bytes are left where an element needs 8 at least");
            }

            Take(head);
            DicomTag tag = Tag(head, coding);
            if (onlyGroup is { } group && tag.Group != group)
            {
                _at = start;
                return;
            }

            if (tag == DicomTags.ItemEnd && isItem)
            {
                return;
            }

            if (tag.Group == 0xFFFE)
            {
                throw Fail(start, $"{tag} stands where no item ends or begins");
            }

            DicomElement element = Value(set, tag, head, start, end, coding, depth);
            if (tag.IsGroupLength && onlyGroup is null)
            {
                continue;
            }

            if (set.Contains(tag))
            {
                throw Fail(start, $"{tag} is there twice");
            }

            set.Set(element);
        }
    }

    private DicomElement Value(DicomDataSet set, DicomTag tag, ReadOnlySpan<byte> head, long start, long end, Coding coding, int depth)
    {
        Count(start);
        (DicomVr vr, uint length) = coding.IsExplicit ? Explicit(tag, head, start, end, coding) : Implicit(set, tag, head, coding);
        if (tag == DicomTags.PixelData && length == Undefined)
        {
            return Fragments(tag, vr, end, coding, mayEndWithFile: depth == 0);
        }

        bool isUnknown = vr == DicomVr.UN && coding.IsExplicit;
        if (vr == DicomVr.SQ || length == Undefined || (isUnknown && StandardElements.VrOf(tag) == DicomVr.SQ))
        {
            if (length == Undefined && vr is not (DicomVr.SQ or DicomVr.UN))
            {
                throw Fail(start, $"{tag} is {vr} of undefined length; only sequences and pixel data may be");
            }

            // What is in a sequence of unknown representation is implicit little endian (CP-246).
            return Sequence(set, tag, vr, start, length, end, isUnknown ? new Coding(false, false) : coding, depth);
        }

        if (length > end - _at)
        {
            throw Fail(start, $"{tag} has {length} bytes, what holds it {end - _at}: it is longer than what holds it, or the file is cut short");
        }

        int wordSize = coding.IsBigEndian ? vr.WordSize() : 1;
        if (length % wordSize != 0)
        {
            throw Fail(start, $"{tag} has {length} bytes; a multiple of {wordSize} is needed for {vr}");
        }

        if (length > limits.ValueInMemory)
        {
            DicomBulk bulk = new(source, _at, length, wordSize);
            _at += length;
            return new DicomElement(tag, vr) { Bulk = bulk };
        }

        _inMemory += length;
        if (_inMemory > limits.MemoryBytes)
        {
            throw Fail(start, $"values of more than {limits.MemoryBytes} bytes in all; no more are read into memory");
        }

        byte[] bytes = new byte[length];
        Take(bytes);
        DicomBulk.Swap(bytes, wordSize);
        return new DicomElement(tag, vr) { Bytes = bytes };
    }

    private (DicomVr Vr, uint Length) Explicit(DicomTag tag, ReadOnlySpan<byte> head, long start, long end, Coding coding)
    {
        string name = Encoding.Latin1.GetString(head.Slice(4, 2));
        if (!Enum.TryParse(name, out DicomVr vr) || !char.IsAsciiLetterUpper(name[0]))
        {
            throw Fail(start, string.Create(
                CultureInfo.InvariantCulture,
                    $"{tag} has the value representation 0x{head[4]:X2}{head[5]:X2}; two letters of PS3.5, 6.2 are needed"));
        }

        if (!vr.HasLongLength())
        {
            return (vr, coding.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(head[6..]) : BinaryPrimitives.ReadUInt16LittleEndian(head[6..]));
        }

        Span<byte> length = stackalloc byte[4];
        if (end - _at < length.Length)
        {
            throw Fail(start, $"{tag} breaks off in its length");
        }

        Take(length);
        return (vr, Long(length, coding));
    }

    private static (DicomVr Vr, uint Length) Implicit(DicomDataSet set, DicomTag tag, ReadOnlySpan<byte> head, Coding coding) =>
        (StandardElements.VrOf(tag, set.IsSigned()) ?? DicomVr.UN, Long(head[4..], coding));

    private DicomElement Sequence(DicomDataSet set, DicomTag tag, DicomVr vr, long start, uint length, long end, Coding coding, int depth)
    {
        if (depth == limits.Depth)
        {
            throw Fail(start, $"{tag} is nested {depth + 1} deep; at most {limits.Depth} are allowed");
        }

        if (length != Undefined && length > end - _at)
        {
            throw Fail(start, $"{tag} has {length} bytes, what holds it {end - _at}: it is longer than what holds it, or the file is cut short");
        }

        long last = length == Undefined ? end : _at + length;
        List<DicomDataSet> items = [];
        while (true)
        {
            long itemStart = _at;
            if (_at == last && length != Undefined)
            {
                break;
            }

            (DicomTag itemTag, uint itemLength) = Head(tag, last, coding);
            if (itemTag == DicomTags.SequenceEnd && length == Undefined)
            {
                break;
            }

            if (itemTag != DicomTags.Item)
            {
                throw Fail(itemStart, $"{tag} holds {itemTag}, which is no item");
            }

            Count(itemStart);
            if (itemLength != Undefined && itemLength > last - _at)
            {
                throw Fail(itemStart, $"an item of {tag} has {itemLength} bytes and is longer than what holds it, which has {last - _at}");
            }

            DicomDataSet item = new(set, source.Name) { HasUndefinedLength = itemLength == Undefined, Position = itemStart };
            long itemEnd = itemLength == Undefined ? last : _at + itemLength;
            long before = _at;
            Elements(item, itemEnd, coding, depth + 1, isItem: itemLength == Undefined, onlyGroup: null);
            if (itemLength == Undefined && _at == last && !EndedByDelimiter(before, coding))
            {
                throw Fail(itemStart, $"an item of {tag} does not end");
            }

            items.Add(item);
        }

        return new DicomElement(tag, vr) { Items = items, HasUndefinedLength = length == Undefined };
    }

    // Whether the eight bytes before are the end of an item.
    private bool EndedByDelimiter(long from, Coding coding)
    {
        Span<byte> tail = stackalloc byte[8];
        return _at - from >= tail.Length && source.Read(_at - tail.Length, tail) == tail.Length && Tag(tail, coding) == DicomTags.ItemEnd;
    }

    private DicomElement Fragments(DicomTag tag, DicomVr vr, long end, Coding coding, bool mayEndWithFile)
    {
        List<DicomBulk> fragments = [];
        List<uint> offsets = [];
        for (int index = 0; ; index++)
        {
            long start = _at;

            // Some writers leave out the last delimiter; whether all fragments are there is seen when they are given to frames.
            bool isOver = mayEndWithFile && _at == end && fragments.Count > 0;
            (DicomTag itemTag, uint length) = isOver ? (DicomTags.SequenceEnd, 0) : Head(tag, end, coding);
            if (itemTag == DicomTags.SequenceEnd)
            {
                return new DicomElement(tag, vr) { Fragments = fragments, OffsetTable = offsets, HasUndefinedLength = true };
            }

            if (itemTag != DicomTags.Item || length > end - _at)
            {
                throw Fail(start, itemTag != DicomTags.Item
                    ? $"{tag} holds {itemTag}, which is no fragment"
                    : $"fragment {index} of {tag} has {length} bytes, the file {end - _at}");
            }

            Count(start);
            if (index == 0)
            {
                OffsetTable(tag, start, length, offsets);
            }
            else
            {
                fragments.Add(new DicomBulk(source, _at, length));
                _at += length;
            }
        }
    }

    private void OffsetTable(DicomTag tag, long start, uint length, List<uint> offsets)
    {
        _inMemory += length;
        if (length % 4 != 0 || _inMemory > limits.MemoryBytes)
        {
            throw Fail(start, $"the offset table of {tag} has {length} bytes; a multiple of 4 is needed, of {limits.MemoryBytes} at most");
        }

        Span<byte> entry = stackalloc byte[4];
        for (uint at = 0; at < length; at += 4)
        {
            Take(entry);
            offsets.Add(BinaryPrimitives.ReadUInt32LittleEndian(entry));
        }
    }

    private (DicomTag Tag, uint Length) Head(DicomTag holder, long end, Coding coding)
    {
        Span<byte> head = stackalloc byte[8];
        if (end - _at < head.Length)
        {
            throw Fail(_at, $"{holder} does not end: {end - _at} bytes are left where an item needs 8 at least");
        }

        Take(head);
        return (Tag(head, coding), Long(head[4..], coding));
    }

    private void Count(long position)
    {
        if (++_count > limits.Elements)
        {
            throw Fail(position, $"more than {limits.Elements} elements and items; no more are read");
        }
    }

    private void Take(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_at < _bufferStart || _at >= _bufferStart + _bufferLength)
            {
                (_bufferStart, _bufferLength) = (_at, source.Read(_at, _buffer));
                if (_bufferLength == 0)
                {
                    throw Fail(_at, "the file ends in the middle of an element: it is cut short");
                }
            }

            ReadOnlySpan<byte> there = _buffer.AsSpan((int)(_at - _bufferStart), (int)Math.Min(bytes.Length, _bufferStart + _bufferLength - _at));
            there.CopyTo(bytes);
            bytes = bytes[there.Length..];
            _at += there.Length;
        }
    }

    private static DicomTag Tag(ReadOnlySpan<byte> head, Coding coding) => coding.IsBigEndian
        ? new(((uint)BinaryPrimitives.ReadUInt16BigEndian(head) << 16) | BinaryPrimitives.ReadUInt16BigEndian(head[2..]))
        : new(((uint)BinaryPrimitives.ReadUInt16LittleEndian(head) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(head[2..]));

    private static uint Long(ReadOnlySpan<byte> bytes, Coding coding) =>
        coding.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private MediaException Fail(long position, string what) => new(source.Name, $"{source.Name}: at byte {position}: {what}.");
}
