using System.Text.Json;

namespace MedGen.Cli.Tests;

public sealed class DicomTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-dicom-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Info_OfAFolder_SaysWhatIsThereAndNothingOfThePatient()
    {
        File.Copy(Fixtures.Path("dicom", "tee_colour.dcm"), Path.Combine(_folder, "a.dcm"));
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "no DICOM");

        (int exitCode, string output, _) = await MedGenCommand.RunAsync("dicom", "info", _folder, "--json");

        exitCode.ShouldBe(0);
        JsonElement info = JsonDocument.Parse(output.Trim()).RootElement;
        info.GetProperty("modality").GetString().ShouldBe("US");
        info.GetProperty("photometric").GetString().ShouldBe("RGB");
        info.GetProperty("notes").EnumerateArray().ShouldHaveSingleItem().GetString()!.ShouldContain("pixels are not square");
        info.TryGetProperty("identifiers", out JsonElement identifiers).ShouldBe(identifiers.ValueKind == JsonValueKind.Null);
        (await MedGenCommand.RunAsync("dicom", "info", _folder, "--identifiers")).Output.ShouldContain("StudyInstanceUID");
    }

    [Fact]
    public async Task Info_OfABrokenFile_SaysWhyAndFails()
    {
        string path = Path.Combine(_folder, "cut.dcm");
        await File.WriteAllBytesAsync(path, File.ReadAllBytes(Fixtures.Path("dicom", "tee_colour.dcm"))[..5000], TestContext.Current.CancellationToken);

        (int exitCode, string output, _) = await MedGenCommand.RunAsync("dicom", "info", path);

        exitCode.ShouldBe(1);
        output.ShouldContain("not read: cut.dcm: at byte");
    }

    [Fact]
    public async Task Convert_OfOneFrame_WritesAPicture()
    {
        string picture = Path.Combine(_folder, "frame.png");

        (await MedGenCommand.RunAsync("dicom", "convert", Fixtures.Path("dicom", "tee_colour.dcm"), "--out", picture)).ExitCode.ShouldBe(0);

        File.ReadAllBytes(picture).AsSpan(16, 8).ToArray().ShouldBe([0, 0, 1, 0, 0, 0, 0, 120]); // 256 x 120 px
        (int exitCode, _, string error) = await MedGenCommand.RunAsync("dicom", "convert", Fixtures.Path("dicom", "tee_colour.dcm"), "--out", picture, "--frame", "1");
        exitCode.ShouldBe(3);
        error.ShouldContain("got 1; the clip has 1 frames");
    }

    [Fact]
    public async Task Deidentify_OfAFolder_WritesItWithReportsOrNotAtAll()
    {
        string source = Path.Combine(_folder, "in");
        Directory.CreateDirectory(source);
        File.Copy(Fixtures.Path("dicom", "prostate_dwi_slice.dcm"), Path.Combine(source, "Doe_John.dcm"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "profile.json"), """{"check_text": false}""", TestContext.Current.CancellationToken);
        string target = Path.Combine(_folder, "out");

        (int exitCode, string output, string error) =
            await MedGenCommand.RunAsync("dicom", "deidentify", source, target, "--profile", Path.Combine(_folder, "profile.json"));

        exitCode.ShouldBe(0, error);
        output.ShouldContain("1 objects");
        string study = Directory.GetDirectories(target).ShouldHaveSingleItem();
        Directory.GetFiles(study).Select(Path.GetExtension).Order().ShouldBe([".dcm", ".json"]);
        File.ReadAllText(Path.Combine(study, "report.json")).ShouldNotContain("Doe");
        (await MedGenCommand.RunAsync("dicom", "deidentify", source, target)).Error.ShouldContain("exists already");

        File.WriteAllText(Path.Combine(source, "Doe_John.dcm"), "");
        (await MedGenCommand.RunAsync("dicom", "deidentify", source, Path.Combine(_folder, "none"))).ExitCode.ShouldBe(3);
        Directory.GetDirectories(_folder).Select(Path.GetFileName).Order().ShouldBe(["in", "out"]);
    }

    [Fact, Long]
    public async Task Write_OfASimulatedClip_MarksItAsSynthetic()
    {
        string clip = Path.Combine(_folder, "clip.mp4");
        string target = Path.Combine(_folder, "clip.dcm");
        (await MedGenCommand.RunAsync("phantom", "us-cardiac", "--frames", "5", "--width", "64", "--height", "64", "--out", clip)).ExitCode.ShouldBe(0);

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("dicom", "write", clip, "--out", target, "--modality", "US");

        exitCode.ShouldBe(0, error);
        output.ShouldContain("5 frames of 64x64 px, marked as synthetic");
        (await MedGenCommand.RunAsync("dicom", "write", clip, "--out", target, "--as", "photographic")).ExitCode.ShouldBe(0);
        (await MedGenCommand.RunAsync("dicom", "info", target)).Output.ShouldContain("XC, MPEG-4 AVC/H.264 High Profile / Level 4.1");
    }
}
