using System.Text;
using MedGen.Dicom.Deidentification;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Tests.Deidentification;

public sealed class DeidentifierTests : IDisposable
{
    private static readonly DeidentificationKey Key = DeidentificationKey.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private readonly DicomFolder _folder = new();

    public static TheoryData<string> Files => DicomFolder.Fixtures;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Run_OfAnyFile_LeavesNothingOfThePatient(string name)
    {
        using DicomFile source = DicomFile.Open(DicomFolder.Fixture(name));
        string[] secrets =
        [
            .. from tag in new uint[] { 0x0010_0010, 0x0010_0020, 0x0008_0050, 0x0008_0080, 0x0008_0090, 0x0020_000D, 0x0020_000E, 0x0008_0018 }
               from text in source.DataSet.Texts(new(tag))
               where text.Length >= 6 && text != "REMOVED" && !text.Contains("nonymous", StringComparison.OrdinalIgnoreCase)
               select text,
        ];

        DeidentifiedObject done = await Run(DicomFolder.Fixture(name));

        using DicomFile clean = DicomFile.Open(_folder.PathOf($"{done.Instance}.dcm"));
        Values(clean.DataSet).ShouldNotContain(text => secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)));
        Elements(clean.DataSet).ShouldNotContain(element => element.Tag.IsPrivate);
        clean.DataSet.Text(new(0x0012_0062)).ShouldBe("YES");
        clean.TransferSyntax.ShouldBe(source.TransferSyntax);
        if (source.DataSet.Find(new(DicomFolder.PixelData)) is { Bulk: not null } pixels)
        {
            clean.DataSet.Find(new(DicomFolder.PixelData))!.Length.ShouldBe(pixels.Length);
        }
    }

    [Fact]
    public async Task Run_OfTwoFilesOfAStudy_KeepsThemTogether()
    {
        string study = DicomUid.New();
        DicomDataSet first = Person("Doe^John", "4711", study);
        DicomDataSet second = Person("Doe^John", "4711", study);
        DicomDataSet nested = new();
        nested.SetText(new(0x0008_1155), first.Text(new(0x0008_0018)));
        nested.SetText(new(0x0010_0010), "Doe^John");
        second.SetItems(new(0x0008_1140), nested);

        DeidentifiedObject one = await Run(_folder.Write(first, name: "1.dcm"));
        DeidentifiedObject two = await Run(_folder.Write(second, name: "2.dcm"));

        one.Study.ShouldBe(two.Study);
        one.Study.ShouldNotBe(study);
        using DicomFile clean = DicomFile.Open(_folder.PathOf($"{two.Instance}.dcm"));
        DicomDataSet reference = clean.DataSet.Items(new(0x0008_1140)).ShouldHaveSingleItem();
        reference.Text(new(0x0008_1155)).ShouldBe(one.Instance);
        reference.Text(new(0x0010_0010)).ShouldStartWith("P");
        clean.DataSet.Text(new(0x0010_0010)).ShouldBe(reference.Text(new(0x0010_0010)));
    }

    [Fact]
    public async Task Run_WithShiftedDates_KeepsTheirDistances()
    {
        DicomDataSet set = Person("Doe^John", "4711", DicomUid.New());
        set.SetText(new(0x0008_0020), "20240310");
        set.SetText(new(0x0008_0022), "20240317");
        set.SetText(new(0x0008_002A), "20240317101500");
        set.SetText(new(0x0010_0030), "19700101");

        DeidentifiedObject done = await Run(_folder.Write(set), new DeidentificationProfile { Dates = DateHandling.Shift });

        using DicomFile clean = DicomFile.Open(_folder.PathOf($"{done.Instance}.dcm"));
        DateOnly study = Date(clean.DataSet.Text(new(0x0008_0020)));
        study.ShouldBeLessThan(new DateOnly(2024, 3, 10));
        Date(clean.DataSet.Text(new(0x0008_0022))).DayNumber.ShouldBe(study.DayNumber + 7);
        clean.DataSet.Text(new(0x0008_002A)).ShouldEndWith("101500");
        clean.DataSet.Text(new(0x0010_0030)).ShouldBeEmpty();
        clean.DataSet.Text(new(0x0028_0303)).ShouldBe("MODIFIED");
    }

    [Theory]
    [InlineData("MONOCHROME1", 255)]
    [InlineData("MONOCHROME2", 0)]
    public async Task Run_WithRegions_BlanksThemOnEveryFrame(string photometric, byte black)
    {
        DicomDataSet set = DicomFolder.Grey(frames: 3);
        set.SetText(new(0x0028_0004), photometric);
        set.SetText(new(0x0008_0070), "ACME");
        set.SetBytes(new(DicomFolder.PixelData), DicomVr.OB, Enumerable.Repeat((byte)99, 3 * 64).ToArray());
        DeidentificationProfile profile = DeidentificationProfile.Parse(
            """{"clean_pixels": true, "check_text": false, "regions": [{"manufacturer": "acme", "rectangles": [[0, 0, 8, 2]]}]}"""u8);

        DeidentifiedObject done = await Run(_folder.Write(set), profile);

        done.BlankedPixels.ShouldBe(16);
        using DicomFile clean = DicomFile.Open(_folder.PathOf($"{done.Instance}.dcm"));
        clean.DataSet.Text(new(0x0028_0004)).ShouldBe(photometric);
        byte[] pixels = clean.DataSet.Find(new(DicomFolder.PixelData))!.Bytes.ToArray();
        for (int frame = 0; frame < 3; frame++)
        {
            pixels.Skip(64 * frame).Take(16).ShouldAllBe(one => one == black);
            pixels.Skip((64 * frame) + 16).Take(48).ShouldAllBe(one => one == 99);
        }
    }

    [Fact]
    public async Task Run_WithUltrasoundRegions_KeepsWhatIsInThem()
    {
        DicomDataSet set = DicomFolder.Grey();
        set.SetBytes(new(DicomFolder.PixelData), DicomVr.OB, Enumerable.Repeat((byte)99, 64).ToArray());
        DicomDataSet region = new();
        foreach ((uint tag, uint value) in new[] { (0x0018_6018u, 2u), (0x0018_601Au, 3u), (0x0018_601Cu, 5u), (0x0018_601Eu, 7u) })
        {
            region.SetBytes(new(tag), DicomVr.UL, BitConverter.GetBytes(value));
        }

        set.SetItems(new(0x0018_6011), region);
        DeidentifiedObject done = await Run(_folder.Write(set), new DeidentificationProfile { CleanPixels = true, CheckText = false });

        byte[] frame = await DicomFolder.FrameAsync(_folder.PathOf($"{done.Instance}.dcm"), 0);
        for (int i = 0; i < 64; i++)
        {
            frame[3 * i].ShouldBe((byte)(i % 8 is >= 2 and <= 5 && i / 8 is >= 3 and <= 7 ? 99 : 0));
        }
    }

    [Fact]
    public async Task Run_OfAnObjectWhoseClassIsNoUid_IsRefusedByName()
    {
        string path = _folder.Write(DicomFolder.Grey());
        byte[] bytes = File.ReadAllBytes(path);
        int meta = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x00, 0x02, 0x00]);
        bytes[meta + 8] = (byte)'x'; // the first character of (0002,0002)
        int own = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x08, 0x00, 0x16, 0x00]);
        bytes[own + 2] = 0x17; // and (0008,0016) is another element
        File.WriteAllBytes(path, bytes);

        (await Should.ThrowAsync<MediaException>(() => Run(path))).Message
            .ShouldEndWith("(0008,0016) SOPClassUID is missing, and (0002,0002) MediaStorageSOPClassUID in its place is no UID.");
    }

    [Fact]
    public async Task Run_OfAReport_IsRefusedByName()
    {
        DicomDataSet set = DicomFolder.Grey();
        set.SetItems(new(0x0040_A730), new DicomDataSet());

        (await Should.ThrowAsync<MediaException>(() => Run(_folder.Write(set)))).Message.ShouldContain("(0040,A730) ContentSequence is not cleaned");
    }

    [Theory]
    [InlineData("""{"dates": "keep"}""")]
    [InlineData("""{"clean": true}""")]
    [InlineData("""{"regions": [{"manufacturer": "A", "rectangles": [[0, 0, -1, 2]]}]}""")]
    public void Parse_OfAnotherProfile_IsRefused(string json) =>
        Should.Throw<InvalidInputException>(() => DeidentificationProfile.Parse(Encoding.UTF8.GetBytes(json))).Message.ShouldContain("profile");

    [Fact]
    public void Key_TooShort_IsRefused() => Should.Throw<InvalidInputException>(() => DeidentificationKey.Of(new byte[8])).Message.ShouldContain("at least 16");

    private Task<DeidentifiedObject> Run(string path, DeidentificationProfile? profile = null) =>
        new Deidentifier(profile ?? new DeidentificationProfile { CheckText = false }, Key).RunAsync(path, _folder.Folder, DicomFolder.Token);

    private static DicomDataSet Person(string name, string id, string study)
    {
        DicomDataSet set = DicomFolder.Grey();
        set.SetText(new(0x0010_0010), name);
        set.SetText(new(0x0010_0020), id);
        set.SetText(new(0x0020_000D), study);
        return set;
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyyMMdd");

    private static IEnumerable<DicomElement> Elements(DicomDataSet set) =>
        set.SelectMany(element => (element.Items ?? []).SelectMany(Elements).Prepend(element));

    private static IEnumerable<string> Values(DicomDataSet set) =>
        Elements(set).Where(element => element.Bulk is null).Select(element => Encoding.Latin1.GetString(element.Bytes.Span));
}
