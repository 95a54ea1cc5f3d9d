using System.Diagnostics;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Writing;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Tests.Writing;

public sealed class WritingTests : IDisposable
{
    private static readonly ResultObject About = new()
    {
        Created = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero), PatientId = "4711", PatientName = "Doe^Jane", ProvenanceId = "phantom:us-cardiac",
        Modality = "US",
    };

    // (0008,001C) Synthetic Data came in 2023; which region of the body a film shows, nobody has said.
    private static readonly string[] Stated = ["(0x0008,0x001c)", "Element=<AnatomicRegionSequence>"];

    private readonly DicomFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SecondaryCapture_OfFrames_ReadsBackAsTheyWere(bool isGrey)
    {
        string path = _folder.PathOf("capture.dcm");
        int count = await SecondaryCapture.WriteAsync(path, Frames(3, isGrey), 25, isGrey, About, DicomFolder.Token);

        count.ShouldBe(3);
        (await DicomFolder.FrameAsync(path, 2)).ShouldBe(Pixels(2, isGrey));
        using DicomFile file = DicomFile.Open(path);
        file.DataSet.Text(new(0x0008_001C)).ShouldBe("YES");
        file.DataSet.Texts(new(0x0008_0008)).ShouldBe(["DERIVED", "SECONDARY"]);
        file.DataSet.Text(new(0x0018_9004)).ShouldBe("RESEARCH");
        file.DataSet.Text(new(0x0008_2111)).ShouldContain("provenance=phantom:us-cardiac");
        file.DataSet.Items(new(0x0018_A001))[0].Items(new(0x0040_A170))[0].Text(new(0x0008_0100)).ShouldBe("109100");
        file.DataSet.Text(new(0x0018_1063)).ShouldBe("40");
    }

    [Fact]
    public async Task SecondaryCapture_OfColoursAsGrey_IsRefused() => (await Should.ThrowAsync<InvalidInputException>(
        () => SecondaryCapture.WriteAsync(_folder.PathOf("x.dcm"), Frames(1, isGrey: false), 25, true, About, DicomFolder.Token)))
        .Message.ShouldContain("frame 0 is coloured");

    [Fact]
    public void Report_OfResults_HoldsThem()
    {
        string path = WriteReport();

        using DicomFile file = DicomFile.Open(path);
        DicomDataSet measurements = file.DataSet.Items(new(0x0040_A730))[^1];
        measurements.Items(new(0x0040_A730)).Count.ShouldBe(4);
        DicomDataSet fraction = measurements.Items(new(0x0040_A730))[3].Items(new(0x0040_A730))[2].Items(new(0x0040_A300))[0];
        fraction.Text(new(0x0040_A30A)).ShouldBe("54.5");
        fraction.Items(new(0x0040_08EA))[0].Text(new(0x0008_0102)).ShouldBe("UCUM");
        Should.Throw<InvalidInputException>(() => MeasurementReport.Write(path, null, [], [], [], About, DicomFolder.Token));
    }

    [Fact]
    public void Film_OfSomethingElse_IsRefused()
    {
        string film = _folder.PathOf("film.mp4");
        File.WriteAllBytes(film, new byte[100]);

        Should.Throw<MediaException>(() => WriteFilm(film)).Message.ShouldContain("is no H.264 in MP4");
    }

    /// <summary>dciodvfy, of 2022, may say nothing but what it cannot know yet; pydicom reads what is written.</summary>
    [Fact]
    [Long]
    public async Task Written_JudgedByDciodvfyAndPydicom_HasNoErrors()
    {
        string film = _folder.PathOf("film.mp4");
        await DicomFolder.RunAsync(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=128x96:r=25:d=1", "-pix_fmt", "yuv420p", "-movflags", "faststart", film);
        string grey = _folder.PathOf("grey.dcm");
        string colour = _folder.PathOf("colour.dcm");
        await SecondaryCapture.WriteAsync(grey, Frames(3, true), 25, true, About, DicomFolder.Token);
        await SecondaryCapture.WriteAsync(colour, Frames(3, false), 25, false, About, DicomFolder.Token);
        foreach (string path in new[] { grey, colour, WriteReport(), WriteFilm(film) })
        {
            (await VerifyAsync(path)).ShouldBeEmpty(Path.GetFileName(path));
            (await DicomFolder.RunAsync("/usr/bin/python3", "-c", "import sys, pydicom; print(pydicom.dcmread(sys.argv[1]).PatientID)", path)).Trim().ShouldBe("4711");
        }

        string extracted = _folder.PathOf("extracted.mp4");
        using DicomFile file = DicomFile.Open(_folder.PathOf("film.dcm"));
        using (FileStream target = File.Create(extracted))
        {
            file.DataSet.Find(new(DicomFolder.PixelData))!.Fragments![0].CopyTo(target, DicomFolder.Token);
        }

        (await DicomFolder.RunAsync("ffprobe", "-v", "error", "-show_entries", "stream=profile,level", "-of", "csv=p=0", extracted)).Trim().ShouldStartWith("High,");
    }

    private static async Task<string[]> VerifyAsync(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo("dciodvfy", [path]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string said = await process.StandardError.ReadToEndAsync(DicomFolder.Token);
        await process.WaitForExitAsync(DicomFolder.Token);

        return [.. said.Split('\n').Where(line => line.StartsWith("Error", StringComparison.Ordinal) && !Stated.Any(line.Contains))];
    }

    private string WriteReport()
    {
        string path = _folder.PathOf("report.dcm");
        MeasurementReport.Write(
            path, ("US", 0.97), [new("Preparation", TimeSpan.Zero, TimeSpan.FromSeconds(12)), new("Dissection", TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(40))],
            [new("10230-1", "LN", "Left ventricular ejection fraction", 54.5, "%")],
            [.. Sources("1.2.3.1", 1), .. Sources("1.2.3.2", 2)], About, DicomFolder.Token);
        return path;
    }

    private static IEnumerable<SourceObject> Sources(string series, int count) => Enumerable.Range(0, count)
        .Select(_ => new SourceObject(About.StudyInstanceUid, series, "1.2.840.10008.5.1.4.1.1.3.1", DicomUid.New()));

    private string WriteFilm(string film)
    {
        string path = _folder.PathOf("film.dcm");
        FilmObject.Write(path, film, 128, 96, 25, 25, FilmKind.Endoscopic, About, DicomFolder.Token);
        return path;
    }

    private static async IAsyncEnumerable<VideoFrame> Frames(int count, bool isGrey)
    {
        await Task.CompletedTask;
        for (int index = 0; index < count; index++)
        {
            yield return VideoFrame.Wrap(Pixels(index, isGrey), 6, 4, index);
        }
    }

    private static byte[] Pixels(int frame, bool isGrey) => [.. Enumerable.Range(0, 72).Select(i => (byte)((isGrey ? i / 3 : i) + (50 * frame)))];
}
