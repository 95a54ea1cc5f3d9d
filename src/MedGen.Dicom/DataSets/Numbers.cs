using System.Buffers.Binary;
using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.DataSets;

/// <summary>Binary numbers of elements.</summary>
internal static class Numbers
{
    private const int LongestTable = 1 << 22;

    public static IReadOnlyList<double> Read(DicomElement element, DicomVr vr, string name)
    {
        ReadOnlyMemory<byte> bytes = element.Read(LongestTable, name);
        int size = vr.WordSize();
        if (bytes.Length % size != 0)
        {
            throw new MediaException(name, $"{name}: {element.Tag} has {bytes.Length} bytes; a multiple of {size} is needed for {vr}.");
        }

        double[] numbers = new double[bytes.Length / size];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Value(bytes.Span.Slice(i * size, size), vr);
        }

        return numbers;
    }

    public static IReadOnlyList<string> Texts(DicomElement element, string name) => element.KnownVr == DicomVr.AT
        ? [.. Tags(element.Read(LongestTable, name)).Select(tag => tag.Value.ToString("X8", CultureInfo.InvariantCulture))]
        : [.. Read(element, element.KnownVr, name).Select(value => value.ToString("R", CultureInfo.InvariantCulture))];

    public static IEnumerable<DicomTag> Tags(ReadOnlyMemory<byte> bytes)
    {
        for (int at = 0; at + 4 <= bytes.Length; at += 4)
        {
            ReadOnlySpan<byte> one = bytes.Span[at..];
            yield return new DicomTag(((uint)BinaryPrimitives.ReadUInt16LittleEndian(one) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(one[2..]));
        }
    }

    private static double Value(ReadOnlySpan<byte> bytes, DicomVr vr) => vr switch
    {
        DicomVr.US or DicomVr.OW => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        DicomVr.SS => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        DicomVr.UL or DicomVr.OL => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        DicomVr.SL => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        DicomVr.FL or DicomVr.OF => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        DicomVr.FD or DicomVr.OD => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        DicomVr.UV or DicomVr.OV => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        DicomVr.SV => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(vr), vr, "It holds no binary numbers."),
    };
}
