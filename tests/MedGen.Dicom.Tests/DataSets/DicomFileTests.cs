using System.Text;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Tests.DataSets;

public sealed class DicomFileTests : IDisposable
{
    private static readonly DicomTag PatientName = new(0x0010_0010);

    private readonly DicomFolder _folder = new();

    public static TheoryData<string> Files => DicomFolder.Fixtures;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Write_OfWhatWasRead_GivesTheSameBytes(string name)
    {
        using DicomFile file = DicomFile.Open(DicomFolder.Fixture(name));
        string copy = _folder.PathOf(name);
        DicomWriter.Write(copy, file.DataSet, file.TransferSyntax, DicomFolder.Token);

        using DicomFile again = DicomFile.Open(copy);
        string second = _folder.PathOf("second.dcm");
        DicomWriter.Write(second, again.DataSet, again.TransferSyntax, DicomFolder.Token);
        File.ReadAllBytes(copy).ShouldBe(File.ReadAllBytes(second));
        again.DataSet.Select(Describe).ShouldBe(file.DataSet.Select(Describe));

        // Where nothing is left out and the order is right, the data set is that of the source to the byte.
        byte[] source = Body(DicomFolder.Fixture(name));
        byte[] written = Body(copy);
        if (source.Length == written.Length && !file.TransferSyntax.IsDeflated)
        {
            written.ShouldBe(source);
        }
    }

    [Fact]
    public void Write_InOtherSyntaxes_KeepsValues()
    {
        using DicomFile source = DicomFile.Open(DicomFolder.Fixture("ct_test_big_endian.dcm"));
        foreach (string syntax in new[] { "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2" })
        {
            using DicomFile copy = DicomFile.Open(_folder.Write(source.DataSet, syntax, $"{syntax}.dcm"));

            copy.TransferSyntax.Uid.ShouldBe(syntax);
            copy.DataSet.Select(Describe).ShouldBe(source.DataSet.Select(Describe), syntax);
        }
    }

    [Fact]
    public void Open_OfPrivateValues_KeepsTheirBytes()
    {
        byte[] secret = [1, 2, 3, 255, 0, 7];
        string path = _folder.WriteRaw(
            "private.dcm", DicomFolder.Element(0x0008, 0x0016, "UI", "1.2.3\0"u8.ToArray()), DicomFolder.Element(0x0008, 0x0018, "UI", "1.2.4\0"u8.ToArray()),
            DicomFolder.Element(0x0009, 0x0010, "LO", "ACME"u8.ToArray()), DicomFolder.Element(0x0009, 0x1001, "UN", secret));
        using DicomFile file = DicomFile.Open(path);
        using DicomFile copy = DicomFile.Open(_folder.Write(file.DataSet, "1.2.840.10008.1.2", "copy.dcm"));

        copy.DataSet.Find(new DicomTag(0x0009_1001))!.Bytes.ToArray().ShouldBe(secret);
        copy.DataSet.Text(new DicomTag(0x0009_0010)).ShouldBe("ACME");
    }

    [Theory]
    [InlineData("ISO_IR 192", "4D C3 BC 6C 6C 65 72 5E 4A", "Müller^J")]
    [InlineData("ISO_IR 100", "4D FC 6C 6C 65 72 5E 4A", "Müller^J")]
    [InlineData("ISO_IR 144", "BB EE DA 63 65 5E", "Люкce^")]
    [InlineData("GB18030", "CD F5 5E D0 A1 B6 AB", "王^小东")]
    [InlineData("\\ISO 2022 IR 87", "59 61 6D 61 64 61 5E 54 3D 1B 24 42 3B 33 45 44 1B 28 42 5E 1B 24 42 42 40 4F 3A 1B 28 42", "Yamada^T=山田^太郎")]
    [InlineData("\\ISO 2022 IR 149", "48 6F 6E 67 3D 1B 24 29 43 FB F3 5E 1B 24 29 43 D1 CE D4 D7", "Hong=洪^吉洞")]
    public void Text_OfACharacterSet_IsDecoded(string set, string bytes, string expected)
    {
        byte[] characterSet = Encoding.ASCII.GetBytes(set.Length % 2 == 0 ? set : set + " ");
        byte[] value = [.. Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal))];
        byte[] name = value.Length % 2 == 0 ? value : [.. value, (byte)' '];
        string path = _folder.WriteRaw(
            "name.dcm", DicomFolder.Element(0x0008, 0x0005, "CS", characterSet), DicomFolder.Element(0x0010, 0x0010, "PN", name));

        using DicomFile file = DicomFile.Open(path);
        file.DataSet.Text(PatientName).ShouldBe(expected);
    }

    [Fact]
    public void Text_OfAnUnknownCharacterSet_IsRefusedByName()
    {
        string path = _folder.WriteRaw(
            "name.dcm", DicomFolder.Element(0x0008, 0x0005, "CS", "ISO_IR 9"u8.ToArray()), DicomFolder.Element(0x0010, 0x0010, "PN", [0xFC, 0x20]));

        using DicomFile file = DicomFile.Open(path);
        Should.Throw<MediaException>(() => file.DataSet.Text(PatientName)).Message.ShouldBe("name.dcm: (0008,0005) SpecificCharacterSet: 'ISO_IR 9' is not known.");
    }

    [Fact]
    public void Open_OfATruncatedFile_NamesTagAndPosition()
    {
        string path = _folder.WriteRaw("cut.dcm", DicomFolder.Element(0x0010, 0x0010, "PN", "A^B"u8.ToArray(), length: 500));

        Should.Throw<MediaException>(() => DicomFile.Open(path)).Message
            .ShouldBe("cut.dcm: at byte 160: (0010,0010) PatientName has 500 bytes, what holds it 3: it is longer than what holds it, or the file is cut short.");
    }

    [Fact]
    public void Open_OfDeepSequences_StopsAtTheLimit()
    {
        byte[] inner = DicomFolder.Element(0x0010, 0x0010, "PN", "A^B "u8.ToArray());
        for (int depth = 0; depth < 40; depth++)
        {
            inner = DicomFolder.Element(0x0040, 0x0275, "SQ", DicomFolder.Item(inner));
        }

        Should.Throw<MediaException>(() => DicomFile.Open(_folder.WriteRaw("deep.dcm", inner))).Message.ShouldContain("(0040,0275) RequestAttributesSequence is nested 33 deep; at most 32 are allowed");
    }

    [Fact]
    public void Open_OfTooManyElements_StopsAtTheLimit()
    {
        string path = _folder.WriteRaw("many.dcm", Enumerable.Range(0, 50).Select(i => DicomFolder.Element(0x0009, (ushort)(0x1000 + i), "LO", [65, 65])));

        Should.Throw<MediaException>(() => DicomFile.Open(path, new DicomLimits { Elements = 20 })).Message.ShouldContain("more than 20 elements");
        Should.Throw<MediaException>(() => DicomFile.Open(path, new DicomLimits { MemoryBytes = 50 })).Message.ShouldContain("more than 50 bytes");
    }

    [Fact]
    public void Open_OfADeflatedBomb_StopsAtTheLimit()
    {
        DicomDataSet set = DicomFolder.Grey(frames: 200, side: 64);
        string path = _folder.Write(set, "1.2.840.10008.1.2.1.99");

        Should.Throw<MediaException>(() => DicomFile.Open(path, new DicomLimits { InflatedBytes = 100_000 })).Message.ShouldContain("more than 100000 bytes");
    }

    [Fact]
    public void Open_OfAnotherFile_SaysSo()
    {
        string path = _folder.PathOf("film.dcm");
        File.WriteAllBytes(path, new byte[500]);

        Should.Throw<MediaException>(() => DicomFile.Open(path)).Message.ShouldBe("film.dcm: no DICOM file, the mark DICM is missing at byte 128.");
    }

    [Fact]
    public void SetText_BeyondTheRules_IsRefused()
    {
        DicomDataSet set = new();

        Should.Throw<ArgumentException>(() => set.SetText(new(0x0008_0060), "us")).Message.ShouldContain("it is no CS");
        Should.Throw<ArgumentException>(() => set.SetText(new(0x0010_0020), new string('1', 65))).Message.ShouldContain("at most 64 are allowed for LO");
        Should.Throw<ArgumentException>(() => set.SetText(new(0x0008_0020), "20261301")).Message.ShouldContain("YYYYMMDD");
    }

    private static string Describe(DicomElement element) => element.Items is { } items
        ? $"{element.Tag} [{string.Join(" | ", items.Select(item => string.Join(", ", item.Select(Describe))))}]"
        : element.Fragments is { } fragments ? $"{element.Tag} {fragments.Count} {fragments.Sum(one => one.Length)}"
        : $"{element.Tag} {Convert.ToHexString(Bytes(element))}";

    private static byte[] Bytes(DicomElement element)
    {
        using MemoryStream all = new();
        element.Bulk?.CopyTo(all, DicomFolder.Token);
        byte[] bytes = element.Bulk is null ? element.Bytes.ToArray() : all.ToArray();
        return bytes.Length % 2 == 0 ? bytes : [.. bytes, element.Vr is DicomVr.UI or DicomVr.OB ? (byte)0 : (byte)' '];
    }

    private static byte[] Body(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return file[(144 + BitConverter.ToInt32(file, 140))..]; // behind the length of group 2
    }
}
