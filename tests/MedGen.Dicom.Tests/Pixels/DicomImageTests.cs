using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Tests.Pixels;

public sealed class DicomImageTests : IDisposable
{
    private readonly DicomFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ct_test_big_endian.dcm", "ct_test_deflated.dcm", 0)] // one slice in two syntaxes
    [InlineData("enhanced_mr_10_frames.dcm", "enhanced_mr_10_frames_big_endian.dcm", 7)] // JPEG-LS against native
    [InlineData("ct_test_jpegls.dcm", "ct_test_deflated.dcm", 0)]
    [InlineData("ct_test_jpeg_lossless_sv1.dcm", "ct_test_deflated.dcm", 0)]
    public async Task ReadFrame_OfOnePictureInTwoSyntaxes_GivesTheSame(string one, string other, int frame) =>
        (await DicomFolder.FrameAsync(DicomFolder.Fixture(one), frame)).ShouldBe(await DicomFolder.FrameAsync(DicomFolder.Fixture(other), frame));

    [Fact]
    public async Task ReadFrame_OfRunLengths_GivesThePicture()
    {
        // Of the same test pattern: what run lengths hold, and what JPEG 2000 holds with a loss.
        byte[] runs = await DicomFolder.FrameAsync(DicomFolder.Fixture("ct1_rle_fragments.dcm"), 0);
        byte[] lossy = await DicomFolder.FrameAsync(DicomFolder.Fixture("ct1_j2k_lossy.dcm"), 0);

        runs.Zip(lossy).Average(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(12);
        runs.Distinct().Count().ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task ReadFrame_OfFragmentsWithoutOffsets_FindsWhereEachFrameBegins()
    {
        string path = DicomFolder.Fixture("echo_colour_doppler_acuson_jpeg_fragmented.dcm");
        byte[] first = await DicomFolder.FrameAsync(path, 0);
        byte[] last = await DicomFolder.FrameAsync(path, 7);

        last.Distinct().Count().ShouldBeGreaterThan(100);
        first.Zip(last).Average(pair => Math.Abs(pair.First - pair.Second)).ShouldBeInRange(1, 60); // the same view, a moment later
    }

    [Theory]
    [InlineData("RGB", new byte[] { 10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3 }, false, new byte[] { 10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3 })]
    [InlineData("RGB", new byte[] { 10, 40, 70, 1, 20, 50, 80, 2, 30, 60, 90, 3 }, true, new byte[] { 10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3 })]
    [InlineData("YBR_FULL", new byte[] { 76, 85, 255, 150, 44, 21, 29, 255, 107, 128, 128, 128 }, false, new byte[] { 254, 0, 0, 0, 255, 1, 0, 0, 254, 128, 128, 128 })]
    [InlineData("YBR_FULL_422", new byte[] { 100, 200, 128, 128, 50, 60, 128, 128 }, false, new byte[] { 100, 100, 100, 200, 200, 200, 50, 50, 50, 60, 60, 60 })]
    public async Task ReadFrame_OfColours_ConvertsThem(string photometric, byte[] stored, bool planar, byte[] expected)
    {
        DicomDataSet set = DicomFolder.Grey(side: 2);
        set.SetShort(new(0x0028_0002), 3);
        set.SetShort(new(0x0028_0006), (ushort)(planar ? 1 : 0));
        set.SetText(new(0x0028_0004), photometric);
        set.SetBytes(new(DicomFolder.PixelData), DicomVr.OB, stored);

        (await DicomFolder.FrameAsync(_folder.Write(set), 0)).ShouldBe(expected);
    }

    [Fact]
    public async Task ReadFrame_OfAPalette_LooksColoursUp()
    {
        DicomDataSet set = DicomFolder.Grey(side: 2);
        set.SetText(new(0x0028_0004), "PALETTE COLOR");
        for (uint channel = 0; channel < 3; channel++)
        {
            set.SetShort(new(0x0028_1101 + channel), 4, 10, 16);
            set.SetBytes(new(0x0028_1201 + channel), DicomVr.OW, Enumerable.Range(0, 4).SelectMany(i => new byte[] { 0, (byte)((10 * i) + channel) }).ToArray());
        }

        set.SetBytes(new(DicomFolder.PixelData), DicomVr.OB, new byte[] { 5, 10, 12, 99 });

        (await DicomFolder.FrameAsync(_folder.Write(set), 0)).ShouldBe([0, 1, 2, 0, 1, 2, 20, 21, 22, 30, 31, 32]);
    }

    [Fact]
    public async Task ReadFrame_OfASegmentedPalette_ExpandsIt()
    {
        DicomDataSet set = DicomFolder.Grey(side: 2);
        set.SetText(new(0x0028_0004), "PALETTE COLOR");
        ushort[] segments = [0, 1, 0x0A00, 1, 2, 0x1E00, 2, 2, 0, 0]; // 10; a line to 30; both again
        for (uint channel = 0; channel < 3; channel++)
        {
            set.SetShort(new(0x0028_1101 + channel), 6, 0, 16);
            set.SetBytes(new(0x0028_1221 + channel), DicomVr.OW, segments.SelectMany(BitConverter.GetBytes).ToArray());
        }

        set.SetBytes(new(DicomFolder.PixelData), DicomVr.OB, new byte[] { 0, 1, 2, 4 });

        (await DicomFolder.FrameAsync(_folder.Write(set), 0)).Where((_, i) => i % 3 == 0).ShouldBe([10, 20, 30, 20]);
    }

    [Theory]
    [InlineData("MONOCHROME2", null, new byte[] { 0, 0, 128, 255 })]
    [InlineData("MONOCHROME1", null, new byte[] { 255, 255, 127, 0 })]
    [InlineData("MONOCHROME2", "LINEAR_EXACT", new byte[] { 0, 0, 128, 255 })]
    [InlineData("MONOCHROME2", "SIGMOID", new byte[] { 5, 30, 128, 224 })]
    public async Task ReadFrame_OfSignedValues_AppliesRescaleAndWindow(string photometric, string? function, byte[] expected)
    {
        DicomDataSet set = Signed(photometric, [-100, 0, 100, 200]);
        set.SetText(new(0x0028_1050), "300.5");
        set.SetText(new(0x0028_1051), "401");
        set.SetText(new(0x0028_1052), "100");
        set.SetText(new(0x0028_1053), "2");
        if (function is not null)
        {
            set.SetText(new(0x0028_1056), function);
        }

        byte[] frame = await DicomFolder.FrameAsync(_folder.Write(set), 0);

        frame.Where((_, i) => i % 3 == 0).Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 1);
    }

    [Fact]
    public async Task ReadValues_OfFunctionalGroups_TakesEachFramesOwn()
    {
        DicomDataSet set = DicomFolder.Grey(frames: 2);
        set.SetItems(new(0x5200_9230), [.. new[] { "2", "10" }.Select(slope =>
        {
            DicomDataSet values = new();
            values.SetText(new(0x0028_1052), "0");
            values.SetText(new(0x0028_1053), slope);
            DicomDataSet group = new();
            group.SetItems(new(0x0028_9145), values);
            return group;
        })]);
        using DicomFile file = DicomFile.Open(_folder.Write(set));
        using DicomImage image = DicomImage.Open(file);

        (await image.ReadValuesAsync(0, DicomFolder.Token))[3].ShouldBe(6);
        (await image.ReadValuesAsync(1, DicomFolder.Token))[3].ShouldBe(670);
    }

    [Theory]
    [InlineData("0018,1063", "40", "FrameTime", 25)]
    [InlineData("0018,0040", "15", "CineRate", 15)]
    [InlineData("0008,2144", "30", "RecommendedDisplayFrameRate", 30)]
    [InlineData(null, "", "default", 10)]
    public void Times_OfEachElement_AreThoseOfTheFile(string? tag, string value, string source, double rate)
    {
        DicomDataSet set = DicomFolder.Grey(frames: 3);
        if (tag is not null)
        {
            set.SetText(new(Convert.ToUInt32(tag.Replace(",", "", StringComparison.Ordinal), 16)), value);
        }

        using DicomFile file = DicomFile.Open(_folder.Write(set));
        using DicomImage image = DicomImage.Open(file);
        image.Times!.Rate.ShouldBe(rate, 1e-9);
        image.Times.Source.ShouldBe(source);
        image.Times.At(2).TotalSeconds.ShouldBe(2 / rate, 1e-6);
    }

    [Fact]
    public void Times_OfAVector_AddItsSteps()
    {
        DicomDataSet set = DicomFolder.Grey(frames: 3);
        set.SetText(new(0x0018_1065), "0", "40", "60");

        using DicomFile file = DicomFile.Open(_folder.Write(set));
        using DicomImage image = DicomImage.Open(file);
        image.Times!.IsVariable.ShouldBeTrue();
        image.Times.At(2).ShouldBe(TimeSpan.FromMilliseconds(100));
    }

    [Theory]
    [InlineData("1e15")]
    [InlineData("0.0000001")]
    public void Times_BeyondReason_AreRefusedByName(string time)
    {
        DicomDataSet set = DicomFolder.Grey(frames: 3);
        set.SetText(new(0x0018_1063), time);

        using DicomFile file = DicomFile.Open(_folder.Write(set));
        Should.Throw<MediaException>(() => DicomImage.Open(file)).Message.ShouldContain("(0018,1063) FrameTime gives each of 3 frames");
    }

    [Theory]
    [InlineData(0x0028_0100u, 32, "(0028,0100) BitsAllocated is 32; what is read is 8 or 16.")]
    [InlineData(0x0028_0002u, 2, "(0028,0004) PhotometricInterpretation is 'MONOCHROME2' with 2 samples per pixel")]
    [InlineData(0x0028_0101u, 9, "(0028,0101) BitsStored is 9; what is read is 1 to 8.")]
    [InlineData(0x0028_0010u, 0, "(0028,0010) Rows is 0; what is read is 1 to 65535.")]
    public void Open_OfWhatIsNotRead_NamesTagAndValue(uint tag, int value, string message)
    {
        DicomDataSet set = DicomFolder.Grey();
        set.SetShort(new(tag), (ushort)value);

        using DicomFile file = DicomFile.Open(_folder.Write(set));
        Should.Throw<MediaException>(() => DicomImage.Open(file)).Message.ShouldContain(message);
    }

    [Fact]
    public void Open_OfAnotherTransferSyntax_NamesIt()
    {
        using DicomFile file = DicomFile.Open(_folder.Write(DicomFolder.Grey(), "1.2.840.10008.1.2.4.94"));

        Should.Throw<MediaException>(() => DicomImage.Open(file)).Message.ShouldContain("(0002,0010) TransferSyntaxUID is 1.2.840.10008.1.2.4.94");
    }

    [Fact]
    public async Task Series_OfSlices_IsOrderedByTheirPlaces()
    {
        string series = DicomUid.New();
        foreach ((int number, double place) in new[] { (1, 30.0), (2, 10.0), (3, 20.0) })
        {
            DicomDataSet set = DicomFolder.Grey();
            set.SetText(new(0x0020_000E), series);
            set.SetText(new(0x0020_0013), $"{number}");
            set.SetText(new(0x0020_0032), "0", "0", FormattableString.Invariant($"{place}"));
            set.SetText(new(0x0020_0037), "1", "0", "0", "0", "1", "0");
            set.SetBytes(new(DicomFolder.PixelData), DicomVr.OB, Enumerable.Repeat((byte)place, 64).ToArray());
            _folder.Write(set, name: $"{number}.dcm");
        }

        using DicomSeries slices = await DicomSeries.OpenAsync(_folder.Folder, null, DicomFolder.Token);
        List<byte> shown = [];
        for (int index = 0; index < slices.FrameCount; index++)
        {
            using VideoFrame frame = await slices.ReadFrameAsync(index, DicomFolder.Token);
            shown.Add(frame.Pixels.Span[0]);
        }

        shown.ShouldBe([10, 20, 30]);
        _folder.Write(DicomFolder.Grey(side: 4), name: "other.dcm");
        (await Should.ThrowAsync<MediaException>(() => DicomSeries.OpenAsync(_folder.Folder, null, DicomFolder.Token))).Message.ShouldContain("2 series");
    }

    private static DicomDataSet Signed(string photometric, short[] values)
    {
        DicomDataSet set = DicomFolder.Grey(side: 2);
        set.SetText(new(0x0028_0004), photometric);
        set.SetShort(new(0x0028_0100), 16);
        set.SetShort(new(0x0028_0101), 12);
        set.SetShort(new(0x0028_0102), 11);
        set.SetShort(new(0x0028_0103), 1);

        // Bits above the stored ones are those of an overlay, which must not be seen.
        set.SetBytes(new(DicomFolder.PixelData), DicomVr.OW, values.SelectMany(value => BitConverter.GetBytes((ushort)((value & 0x0FFF) | 0x5000))).ToArray());
        return set;
    }
}
