using MedGen.Dicom.DataSets;
using MedGen.Dicom.Writing;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

/// <summary>DICOM files as clips: told by their content, with their own times, sampled and scaled like any other.</summary>
public sealed class DicomClipTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Open_OfDicomByAnyName_DescribesIt()
    {
        string path = _bench.PathOf("clip.mp4");
        File.Copy(Fixtures.Path("dicom", "enhanced_mr_10_frames_big_endian.dcm"), path);

        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;

        (info.Width, info.Height, info.FrameCount, info.BitDepth).ShouldBe((64, 64, 10L, 12));
        (info.Container, info.Codec, info.PixelFormat).ShouldBe(("dicom", "Explicit VR Big Endian", "MONOCHROME2"));
    }

    [Fact]
    public async Task ReadFrames_WithARate_TakesWhatIsShownThen()
    {
        string path = await CaptureAsync("clip.dcm", frames: 6, rate: 2);

        (await _bench.ReadAsync(path)).Select(frame => frame.Timestamp.TotalSeconds).ShouldBe([0, 0.5, 1, 1.5, 2, 2.5]);
        (await _bench.ReadAsync(path, new FrameSampling { FramesPerSecond = 1 })).Select(frame => frame.Index).ShouldBe([0L, 2, 4]);
        (await _bench.ReadAsync(path, new FrameSampling { FramesPerSecond = 4, Start = TimeSpan.FromSeconds(1), MaxFrames = 3 }))
            .Select(frame => frame.Index).ShouldBe([2L, 2, 3]);
        (await _bench.ReadAsync(path, new FrameSampling { Start = TimeSpan.FromSeconds(1.2) })).Select(frame => frame.Index).ShouldBe([3L, 4, 5]);
    }

    [Fact]
    public async Task ReadFrame_ByItsNumber_IsTheOneThatAllInARowHave()
    {
        string path = Fixtures.Path("dicom", "enhanced_mr_10_frames.dcm");
        IReadOnlyList<FrameRecord> all = await _bench.ReadAsync(path);
        IIndexedClip clip = (await _bench.Reader.OpenAsync(path, Workbench.Token)).ShouldBeAssignableTo<IIndexedClip>()!;

        foreach (int index in new[] { 9, 0, 4 })
        {
            using VideoFrame frame = await clip.ReadFrameAsync(index, Workbench.Token);
            frame.Index.ShouldBe(index);
            frame.Timestamp.ShouldBe(all[index].Timestamp);
            frame.Pixels.ToArray().ShouldBe(all[index].Pixels);
        }
    }

    [Fact]
    public async Task ReadFrames_AtAnotherSize_ScalesThem()
    {
        string path = await CaptureAsync("clip.dcm", frames: 2, rate: 2);

        FrameRecord frame = (await _bench.ReadAsync(path, new FrameSampling { Width = 8, Height = 6, MaxFrames = 1 })).ShouldHaveSingleItem();

        (frame.Width, frame.Height).ShouldBe((8, 6));
        frame.At(1, 3).ShouldBe(((byte)10, (byte)20, (byte)30)); // left half of one colour, right half of another
        frame.At(6, 3).ShouldBe(((byte)200, (byte)100, (byte)50));
    }

    [Fact]
    public async Task Open_OfDicomWithoutPictures_SaysSo()
    {
        DicomDataSet set = new();
        set.SetText(new(0x0008_0016), "1.2.3");
        set.SetText(new(0x0008_0018), "1.2.4");
        string path = _bench.PathOf("report.dcm");
        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, Workbench.Token);

        (await Should.ThrowAsync<MediaException>(() => _bench.Reader.OpenAsync(path, Workbench.Token))).Message
            .ShouldBe("report.dcm holds no pictures: (7FE0,0010) PixelData is missing.");
    }

    [Fact]
    public async Task ReadFrames_OfAFilmInDicom_AreThoseOfTheFilm()
    {
        string film = await _bench.MakeAsync("film.mp4", "-f lavfi -i testsrc=s=64x48:r=5:d=1 -pix_fmt yuv420p -movflags +faststart");
        string path = _bench.PathOf("film.dcm");
        FilmObject.Write(path, film, 64, 48, 5, 5, FilmKind.Endoscopic, About, Workbench.Token);

        (await _bench.ReadAsync(path)).Select(frame => frame.Hash).ShouldBe((await _bench.ReadAsync(film)).Select(frame => frame.Hash));
        FilmObject.Write(path, film, 32, 48, 5, 5, FilmKind.Endoscopic, About, Workbench.Token);
        (await Should.ThrowAsync<MediaException>(() => _bench.Reader.OpenAsync(path, Workbench.Token))).Message.ShouldContain("the film in it has 64x48 px");
    }

    [Fact]
    public async Task Find_OfTheNoteOfAFile_GivesItsProvenance()
    {
        string film = _bench.PathOf("made.mp4");
        await _bench.Writer.WriteAsync(film, Frames(3), new VideoEncoding { FramesPerSecond = 5, ProvenanceId = "phantom:abc.1" }, Workbench.Token);

        (await SyntheticNote.FindAsync(film, Workbench.Token)).ShouldBe("phantom:abc.1");
        (await SyntheticNote.FindAsync(Fixtures.Path("dicom", "tee_colour.dcm"), Workbench.Token)).ShouldBeNull();
    }

    private static ResultObject About => new() { Created = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero) };

    private async Task<string> CaptureAsync(string name, int frames, double rate)
    {
        string path = _bench.PathOf(name);
        await SecondaryCapture.WriteAsync(path, Frames(frames), rate, isGrey: false, About, Workbench.Token);
        return path;
    }

    private static async IAsyncEnumerable<VideoFrame> Frames(int count)
    {
        await Task.CompletedTask;
        byte[] pixels = [.. Enumerable.Range(0, 48).SelectMany(_ => Enumerable.Range(0, 64).SelectMany(x => x < 32 ? new byte[] { 10, 20, 30 } : [200, 100, 50]))];
        for (int index = 0; index < count; index++)
        {
            yield return VideoFrame.Wrap(pixels, 64, 48, index);
        }
    }
}
