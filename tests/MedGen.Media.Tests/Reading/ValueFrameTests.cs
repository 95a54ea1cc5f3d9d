using System.Runtime.InteropServices;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

/// <summary>Clips read as the values that their files have, and what the files say of their recording.</summary>
public sealed class ValueFrameTests : IDisposable
{
    private static readonly FrameSampling Gray16 = new() { Format = FrameFormat.Gray16 };

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("ct_test_big_endian.dcm", "[hnsf'U]", 1, -33792, -33792, 31743)]
    [InlineData("ct1_rle_fragments.dcm", "[hnsf'U]", 1, -33792, -33792, 31743)]
    [InlineData("pet_breast_slice.dcm", "Bq/mL", 9.12329, -298951.96672, -298951.96672, 298942.84343)]
    [InlineData("shoulder_mr2.dcm", null, 3.774114, 0.000061, 0.000061, 15454.996891)]
    [InlineData("enhanced_mr_10_frames_big_endian.dcm", null, 1, 0, 0, 4095)]
    public async Task Read_InGray16_GivesTheValuesOfTheModality(string name, string? unit, double slope, double intercept, double least, double most)
    {
        string path = Fixtures.Path("dicom", name);
        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);
        using DicomFile file = DicomFile.Open(path);
        using DicomImage image = DicomImage.Open(file);

        ValueScale values = clip.Info.Values.ShouldNotBeNull();
        List<ushort[]> frames = await ReadAsync(clip, Gray16);

        clip.Info.Formats.ShouldBe([FrameFormat.Rgb24, FrameFormat.Gray16]);
        values.Unit.ShouldBe(unit);
        double[] scale = [values.Slope, values.Intercept, values.Minimum, values.Maximum];
        foreach ((double got, double wanted) in scale.Zip([slope, intercept, least, most]))
        {
            got.ShouldBe(wanted, 1e-3);
        }

        frames.Count.ShouldBe((int)clip.Info.FrameCount!);
        float[] last = await image.ReadValuesAsync(frames.Count - 1, Workbench.Token);
        frames[^1].Select(value => (float)values.Of(value)).Zip(last, (got, wanted) => Math.Abs(got - wanted)).Max().ShouldBeLessThan(0.05f);
    }

    [Fact]
    public async Task Read_OfFramesWithTheirOwnRescale_HasThemOnOneScale()
    {
        string path = _bench.PathOf("scaled.dcm");
        DicomDataSet set = Grey(frames: 2, columns: 2, [0, 100, 200, 1000]);
        set.SetItems(new(0x5200_9230), Transformed("1", "0"), Transformed("2", "-50"));
        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, Workbench.Token);

        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);
        ValueScale values = clip.Info.Values.ShouldNotBeNull();

        (values.Minimum, values.Maximum).ShouldBe((-50, 8140));
        double[] got = [.. (await ReadAsync(clip, Gray16)).SelectMany(frame => frame).Select(values.Of)];
        got.Zip([0, 100, 350, 1950], (value, wanted) => Math.Abs(value - wanted)).Max().ShouldBeLessThan(8190.0 / 65535);
    }

    [Fact]
    public async Task Read_OfAFolderWhoseSlicesHaveTheirOwnRescale_HasThemOnOneScale()
    {
        string folder = Directory.CreateDirectory(_bench.PathOf("series")).FullName;
        foreach ((int number, string slope) in new[] { (1, "1"), (2, "3") })
        {
            DicomDataSet set = Grey(frames: 1, columns: 2, [10, 4095]);
            set.SetText(new(0x0008_0018), $"1.2.{number}");
            set.SetText(new(0x0020_0013), $"{number}");
            set.SetText(new(0x0028_1053), slope);
            DicomWriter.Write(
                Path.Combine(folder, $"{number}.dcm"), set, DicomTransferSyntax.ExplicitLittleEndian, Workbench.Token);
        }

        IVideoClip clip = await _bench.Reader.OpenAsync(folder, Workbench.Token);
        double[] got = [.. (await ReadAsync(clip, Gray16)).SelectMany(frame => frame).Select(value => clip.Info.Values!.Of(value))];

        got.Zip([10, 4095, 30, 12285], (value, wanted) => Math.Abs(value - wanted)).Max().ShouldBeLessThan(12285.0 / 65535);
    }

    [Fact]
    public async Task Read_OfA16BitPng_GivesItsValuesAlsoScaled()
    {
        string path = await _bench.MakeAsync("deep.png", "-f lavfi -i nullsrc=s=32x16:d=1,format=gray16le,geq=lum=X*2000+Y -frames:v 1 -pix_fmt gray16be");

        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);
        ushort[] whole = (await ReadAsync(clip, Gray16)).ShouldHaveSingleItem();
        ushort[] half = (await ReadAsync(clip, Gray16 with { Width = 16, Height = 8 })).ShouldHaveSingleItem();

        (whole[0], whole[31], whole[^1]).ShouldBe(((ushort)0, (ushort)62000, (ushort)62015));
        half.Length.ShouldBe(16 * 8);
        half[8 + (4 * 16)].ShouldBeInRange((ushort)32000, (ushort)34020);
        (await _bench.ReadAsync(path)).ShouldHaveSingleItem().Pixels.Length.ShouldBe(3 * 32 * 16);
    }

    [Fact]
    public async Task Read_InGray16AtAnotherSize_ScalesValues()
    {
        string path = Fixtures.Path("dicom", "ct_test_big_endian.dcm");
        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);

        double whole = (await ReadAsync(clip, Gray16))[0].Average(value => clip.Info.Values!.Of(value));
        ushort[] small = (await ReadAsync(clip, Gray16 with { Width = 64, Height = 64 })).ShouldHaveSingleItem();

        small.Length.ShouldBe(64 * 64);
        small.Average(value => clip.Info.Values!.Of(value)).ShouldBe(whole, 5.0);
    }

    [Theory]
    [InlineData("tee_colour.dcm")]
    [InlineData("obstetric_palette.dcm")]
    public async Task Read_InGray16OfColours_IsRefusedByName(string name)
    {
        IVideoClip clip = await _bench.Reader.OpenAsync(Fixtures.Path("dicom", name), Workbench.Token);

        clip.Info.Values.ShouldBeNull();
        (await Should.ThrowAsync<InvalidInputException>(() => ReadAsync(clip, Gray16))).Message
            .ShouldBe("format: Gray16 asked; the clip has Rgb24.");
    }

    [Theory]
    [InlineData("ct_test_big_endian.dcm", 0.675781, "CT", "GE MEDICAL SYSTEMS", "HiSpeed CT/i")]
    [InlineData("shoulder_mr2.dcm", 0.195313, "MR", "Philips", "T5")]
    [InlineData("pet_breast_slice.dcm", 4.07283, "PT", null, "1094")]
    [InlineData("echo_stress_09.dcm", 0.362812, "US", "ACUSON", null)]
    [InlineData("tee_colour.dcm", null, "US", "Acme Products", null)]
    public async Task Open_OfDicom_TellsSpacingAndDevice(string name, double? spacing, string modality, string? manufacturer, string? model)
    {
        VideoInfo info = (await _bench.Reader.OpenAsync(Fixtures.Path("dicom", name), Workbench.Token)).Info;

        (info.Spacing is { } known ? Math.Round(known.X, 6) : (double?)null).ShouldBe(spacing);
        info.Acquisition.ShouldBe(new Acquisition { Modality = modality, Manufacturer = manufacturer, Model = model });
        info.FrameTimes.ShouldBeEmpty(); // at a steady rate, where there are several
    }

    [Fact]
    public async Task Open_OfFramesAtTheirOwnTimes_TellsThem()
    {
        string path = _bench.PathOf("times.dcm");
        DicomDataSet set = Grey(frames: 3, columns: 1, [1, 2, 3]);
        set.SetText(new(0x0018_1065), "0", "40", "100");
        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, Workbench.Token);

        (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.FrameTimes.Select(time => time.TotalMilliseconds).ShouldBe([0, 40, 140]);
    }

    private static DicomDataSet Grey(int frames, int columns, ushort[] values)
    {
        DicomDataSet set = new();
        set.SetText(new(0x0008_0016), "1.2.840.10008.5.1.4.1.1.7");
        set.SetText(new(0x0008_0018), "1.2.3");
        set.SetText(new(0x0020_000E), "1.2.4");
        set.SetText(new(0x0028_0004), "MONOCHROME2");
        set.SetText(new(0x0028_0008), $"{frames}");
        foreach ((uint tag, ushort value) in new (uint, ushort)[]
        {
            (0x0028_0002, 1), (0x0028_0010, 1), (0x0028_0011, (ushort)columns), (0x0028_0100, 16), (0x0028_0101, 12), (0x0028_0102, 11), (0x0028_0103, 0),
        })
        {
            set.SetShort(new(tag), value);
        }

        set.SetBytes(new(0x7FE0_0010), DicomVr.OW, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return set;
    }

    private static DicomDataSet Transformed(string slope, string intercept)
    {
        DicomDataSet values = new();
        values.SetText(new(0x0028_1053), slope);
        values.SetText(new(0x0028_1052), intercept);
        DicomDataSet group = new();
        group.SetItems(new(0x0028_9145), values);
        return group;
    }

    private static async Task<List<ushort[]>> ReadAsync(IVideoClip clip, FrameSampling sampling)
    {
        List<ushort[]> frames = [];
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, Workbench.Token))
        {
            using (frame)
            {
                frame.Format.ShouldBe(FrameFormat.Gray16);
                frames.Add(frame.Values.ToArray());
            }
        }

        return frames;
    }
}
