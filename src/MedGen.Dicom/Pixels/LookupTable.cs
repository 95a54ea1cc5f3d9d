using System.Buffers.Binary;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>A lookup table (PS3.3, C.11.1 and C.7.9): values below its first entry take the first, values above its last the last.</summary>
internal sealed class LookupTable
{
    private const int LongestData = 1 << 20;
    private const int Whole = 65_536; // a descriptor of 0 entries

    private readonly int _first;
    private readonly int[] _entries;

    private LookupTable(int first, int bits, int[] entries) => (_first, Bits, _entries) = (first, bits, entries);

    /// <summary>Bits of an entry.</summary>
    public int Bits { get; }

    public int this[double value] => _entries[(int)Math.Clamp(Math.Round(value) - _first, 0, _entries.Length - 1)];

    /// <summary>The table of an item of a Modality or VOI LUT Sequence.</summary>
    public static LookupTable Read(DicomDataSet item, bool isSigned) =>
        Read(item, DicomTags.LutDescriptor, DicomTags.LutData, segmented: null, isSigned);

    /// <summary>A table, maybe in segments.</summary>
    /// <exception cref="MediaException">It is missing, too short, or of bits that are not read.</exception>
    public static LookupTable Read(DicomDataSet set, DicomTag descriptor, DicomTag data, DicomTag? segmented, bool isSigned)
    {
        IReadOnlyList<int> stated = set.Wholes(descriptor);
        if (stated.Count != 3 || stated[2] is < 8 or > 16)
        {
            throw new MediaException(
                set.Name, $"{set.Name}: {descriptor} has the values {string.Join('\\', stated)}; three are needed: entries, first value, 8 to 16 "
                    + "bits.");
        }

        int count = (stated[0] & 0xFFFF) == 0 ? Whole : stated[0] & 0xFFFF;
        int first = isSigned && stated[1] > short.MaxValue ? stated[1] - Whole : stated[1];
        int[] entries =
            set.Find(data) is { } plain ? Entries(plain.Read(LongestData, set.Name).Span, count, stated[2])
            : segmented is { } tag && set.Find(tag) is { } segments ? Expand(set, tag, segments.Read(LongestData, set.Name).Span, stated[2])
            : throw new MediaException(set.Name, $"{set.Name}: {data} is missing.");
        return entries.Length == count
            ? new LookupTable(first, stated[2], entries)
            : throw new MediaException(set.Name, $"{set.Name}: {data} has {entries.Length} entries; {descriptor} states {count}.");
    }

    // Entries of 8 bits lie in bytes, or alone in words as other writers have them.
    private static int[] Entries(ReadOnlySpan<byte> bytes, int count, int bits)
    {
        bool inBytes = bits == 8 && bytes.Length < 2 * count;
        int[] entries = new int[Math.Min(count, inBytes ? bytes.Length : bytes.Length / 2)];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = inBytes ? bytes[i] : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }

        return entries;
    }

    // Segments (PS3.3, C.7.9.2): 0 discrete, 1 linear from the value before, 2 earlier segments again.
    private static int[] Expand(DicomDataSet set, DicomTag tag, ReadOnlySpan<byte> bytes, int bits)
    {
        int size = bits == 8 ? 1 : 2;
        int[] words = new int[bytes.Length / size];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = size == 1 ? bytes[i] : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }

        List<int> entries = [];
        Segments(0, words.Length, int.MaxValue, canRepeat: true);
        return [.. entries];

        void Segments(int at, int end, int most, bool canRepeat)
        {
            for (int segment = 0; segment < most && at + 1 < end; segment++)
            {
                (int kind, int length) = (words[at], words[at + 1]);
                int place = size == 1 ? 4 : 2;
                int need = kind switch { 0 => length, 1 => 1, 2 => place, _ => int.MaxValue };
                if (need > end - at - 2 || entries.Count + length > Whole || (kind == 1 && entries.Count == 0) || (kind == 2 && !canRepeat))
                {
                    throw new MediaException(set.Name, $"{set.Name}: {tag}: segment {segment} of kind {kind} with {length} entries does not fit.");
                }

                if (kind == 0)
                {
                    entries.AddRange(words.AsSpan(at + 2, length));
                }
                else if (kind == 1)
                {
                    (int from, int to) = (entries[^1], words[at + 2]);
                    for (int i = 1; i <= length; i++)
                    {
                        entries.Add((int)Math.Round(from + ((to - from) * (double)i / length)));
                    }
                }
                else
                {
                    // The place is in bytes, its low part first.
                    long start = size == 1
                        ? words[at + 2] + (words[at + 3] << 8) + (words[at + 4] << 16) + ((long)words[at + 5] << 24)
                        : (words[at + 2] + ((long)words[at + 3] << 16)) / 2;
                    Segments((int)Math.Min(start, words.Length), words.Length, length, canRepeat: false);
                }

                at += 2 + need;
            }
        }
    }
}
