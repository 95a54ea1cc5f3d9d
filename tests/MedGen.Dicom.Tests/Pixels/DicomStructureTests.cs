using System.Buffers.Binary;
using System.Text;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Tests.Pixels;

public sealed class DicomStructureTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.dcm");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("dicom-private-thumbnail", "geiis")]
    [InlineData("dicom-private-thumbnail", "geiis_undef")]
    [InlineData("dicom-un-undefined-length", "un_implicit")]
    public void Read_OfWhatLiesInASequence_SeesThePictureAlone(string folder, string file)
    {
        IReadOnlyList<byte[]> expected = Read(Fixtures.Path("cases", folder, "base.dcm"));
        IReadOnlyList<byte[]> pictures = Read(Fixtures.Path("cases", folder, file + ".dcm"));

        expected.ShouldHaveSingleItem().Length.ShouldBe(3 * 64 * 64);
        pictures.Select(Convert.ToHexString).ShouldBe(expected.Select(Convert.ToHexString));
    }

    [Fact]
    public void Read_OfMoreFramesThanPixels_NamesBothNumbers()
    {
        Write(frames: "3", pixels: 2);

        Should.Throw<MediaException>(() => Read(_path)).Message.ShouldContain("NumberOfFrames is 3, the pixel data is that of 2");
    }

    [Fact]
    public void Read_WithoutNumberOfFrames_ReadsOne()
    {
        Write(frames: null, pixels: 2);

        Read(_path).ShouldHaveSingleItem();
    }

    [Fact]
    public void Read_OfANestedRescaleSlope_DoesNotUseIt()
    {
        Write(frames: "1", pixels: 1, nested: (0x0040, 0x9096));
        byte[] plain = Read(_path).ShouldHaveSingleItem();
        Write(frames: "1", pixels: 1);

        plain.ShouldBe(Read(_path).ShouldHaveSingleItem());
    }

    [Fact]
    public void Read_OfAnItemLongerThanItsSequence_SaysSo()
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("cases", "dicom-private-thumbnail", "geiis.dcm"));
        int item = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(item + 4), 0x1000);
        File.WriteAllBytes(_path, file);

        Should.Throw<MediaException>(() => Read(_path)).Message.ShouldContain("is longer than what holds it");
    }

    private static IReadOnlyList<byte[]> Read(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        using DicomImage image = DicomImage.Open(file);
        return [.. Enumerable.Range(0, image.FrameCount).Select(index => DicomFolder.FrameAsync(path, index).GetAwaiter().GetResult())];
    }

    // 8 x 8 px in 8 bits, explicit little endian; a sequence may hold a rescale slope of 100 before the picture.
    private void Write(string? frames, int pixels, (ushort Group, ushort Element)? nested = null)
    {
        using MemoryStream file = new();
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        Element(file, 0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1\0"u8.ToArray());
        Element(file, 0x0028, 0x0002, "US", [1, 0]);
        Element(file, 0x0028, 0x0004, "CS", "MONOCHROME2 "u8.ToArray());
        if (nested is { } tag)
        {
            using MemoryStream items = new();
            Element(items, 0x0028, 0x1053, "DS", "-100"u8.ToArray());
            byte[] content = [0xFE, 0xFF, 0x00, 0xE0, .. BitConverter.GetBytes((int)items.Length), .. items.ToArray()];
            Element(file, tag.Group, tag.Element, "SQ", content);
        }

        if (frames is not null)
        {
            Element(file, 0x0028, 0x0008, "IS", Encoding.ASCII.GetBytes(frames.PadRight(2)));
        }

        Element(file, 0x0028, 0x0010, "US", [8, 0]);
        Element(file, 0x0028, 0x0011, "US", [8, 0]);
        Element(file, 0x0028, 0x0100, "US", [8, 0]);
        Element(file, 0x0028, 0x0101, "US", [8, 0]);
        Element(file, 0x7FE0, 0x0010, "OB", [.. Enumerable.Range(0, 64 * pixels).Select(i => (byte)i)]);
        File.WriteAllBytes(_path, file.ToArray());
    }

    private static void Element(Stream file, ushort group, ushort element, string representation, byte[] value)
    {
        file.Write(BitConverter.GetBytes(group));
        file.Write(BitConverter.GetBytes(element));
        file.Write(Encoding.ASCII.GetBytes(representation));
        file.Write(representation is "OB" or "SQ" ? [0, 0, .. BitConverter.GetBytes(value.Length)] : BitConverter.GetBytes((ushort)value.Length));
        file.Write(value);
    }
}
