using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Application.Signing;

namespace MedGen.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private static readonly string Samples = RepositoryRoot.Path("samples");
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Doctor_OnThisMachine_FindsNothingToCure()
    {
        (int exitCode, string output, _) = await MedGenCommand.RunProcessAsync("doctor", "--json");

        JsonElement[] checks = Lines(output);
        checks.Where(check => check.GetProperty("status").GetString() == "failed").ShouldBeEmpty();
        checks.Select(check => check.GetProperty("check").GetString()).ShouldContain("device cpu");
        checks.Where(check => check.GetProperty("check").GetString() == "model").ShouldAllBe(check => check.GetProperty("status").GetString() == "ok");
        exitCode.ShouldBe(0);
    }

    [Fact, Long]
    public async Task Generate_Twice_GivesTheSameFramesAndOneJsonLineEach()
    {
        (JsonElement answer, string[] first) = await GenerateAsync(Path.Combine("new", "folder", "first.mp4"), seed: 42, inProcess: false);
        (_, string[] second) = await GenerateAsync("second.mp4", seed: 42);
        (_, string[] other) = await GenerateAsync("other.mp4", seed: 43);

        answer.EnumerateObject().Select(property => property.Name)
            .ShouldBe(["file", "seed", "width", "height", "frames", "fps", "steps", "scheduler", "guidance", "shift", "seconds", "provenanceId", "warnings"]);
        answer.GetProperty("seed").GetInt64().ShouldBe(42);
        answer.GetProperty("frames").GetInt32().ShouldBe(9);
        answer.GetProperty("provenanceId").GetString()!.Length.ShouldBe(64);
        first.Length.ShouldBe(9);
        second.ShouldBe(first);
        other.ShouldNotBe(first);
    }

    [Fact]
    public async Task Generate_WithBadValues_NamesEveryFieldAndWritesNothing()
    {
        string file = Path.Combine(_folder, "bad.mp4");

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync(
            "generate", "--prompt", "", "--width", "65", "--frames", "8", "--steps", "900", "--out", file, "--json");

        exitCode.ShouldBe(3);
        output.ShouldBeEmpty();
        foreach (string field in new[] { "prompt", "width", "num_frames", "num_inference_steps" })
        {
            error.ShouldContain($"  {field}: ");
        }

        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("first-frame: is given beside --source; allowed: one of the two.", "--first-frame", "a.png", "--source", "b.mp4")]
    [InlineData("first-frame-fit: is given; allowed: none without --first-frame.", "--first-frame-fit", "pad")]
    [InlineData("first-frame-fit: got 'stretch'; allowed: crop, pad", "--first-frame", "a.png", "--first-frame-fit", "stretch")]
    public async Task Generate_WithAPictureThatCannotBeUsed_SaysWhatIsAllowed(string said, params string[] options)
    {
        (int exitCode, _, string error) = await MedGenCommand.RunAsync(
            ["generate", "--prompt", "a lung", "--out", Path.Combine(_folder, "bad.mp4"), .. options]);

        exitCode.ShouldBe(3);
        error.ShouldContain(said);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact, Long]
    public async Task Generate_FromThePictureOfAModelThatTakesOne_WritesAClipAndOfAnotherIsRefused()
    {
        string film = Path.Combine(Samples, "clips", "laparoscopy.mp4");
        string file = Path.Combine(_folder, "clip.mp4");
        string[] command = ["generate", "--prompt", "a lung", "--width", "64", "--height", "64", "--frames", "5", "--steps", "1", "--first-frame", film, "--out", file, "--json"];

        (int refused, _, string error) = await MedGenCommand.RunAsync([.. command, "--model", Fixtures.TinyModel]);
        (int made, string output, _) = await MedGenCommand.RunAsync(
            [.. command, "--first-frame-fit", "pad", "--model", Fixtures.Path("goldens22", "ti2v", "pipeline", "models")]);

        refused.ShouldBe(3);
        error.ShouldContain("  first_frame: is given; 'wan-tiny' makes clips from text and from clips alone. A model that takes a picture: Wan2.2-TI2V-5B.");
        made.ShouldBe(0);
        Lines(output).ShouldHaveSingleItem().GetProperty("frames").GetInt32().ShouldBe(5);
        File.Exists(file).ShouldBeTrue();
        byte[] record = await File.ReadAllBytesAsync(Directory.EnumerateFiles(_folder).Single(path => path != file), TestContext.Current.CancellationToken);
        JsonNode signed = ProvenanceStatement.Read(record)!.Payload["made"]!;
        signed["firstFrameFit"]!.ToString().ShouldBe("Pad");
        signed["firstFrameSha256"]!.ToString().ShouldBe(
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(film, TestContext.Current.CancellationToken))));
    }

    [Fact]
    public async Task ClassifyModality_OfARealClipAndATextFile_AnswersTheOneAndNamesTheOther()
    {
        string text = Path.Combine(_folder, "notes.mp4");
        await File.WriteAllTextAsync(text, "not a film", TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync(
            "classify", "modality", text, Path.Combine(Samples, "clips", "lung_ultrasound.mp4"), "--json");

        JsonElement answer = Lines(output).ShouldHaveSingleItem();
        answer.GetProperty("modality").GetString().ShouldBe("US");
        answer.GetProperty("probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()).ShouldBe(1, 1e-6);
        error.ShouldContain("notes.mp4");
        exitCode.ShouldBe(3);
    }

    [Fact]
    public async Task Analyze_OfAFilm_TellsWhatThePluginFindsAndRefusesAWrongParameter()
    {
        string film = Path.Combine(Samples, "clips", "laparoscopy.mp4");

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync(
            "analyze", film, "--task", "surgical-phase", "--parameter", "mode=offline", "--parameter", "dwell=0", "--json");
        (int wrong, _, string wrongError) = await MedGenCommand.RunAsync("analyze", film, "--task", "surgical-phase", "--parameter", "dwell=700");

        exitCode.ShouldBe(0, error);
        JsonElement answer = Lines(output).ShouldHaveSingleItem();
        answer.GetProperty("analyzer").GetProperty("pluginId").GetString().ShouldBe("medgen.surgical-phase");
        answer.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("output").GetString()).Distinct()
            .ShouldBe(["phase", "missing", "repeated"], ignoreOrder: true);
        wrong.ShouldBe(3);
        wrongError.ShouldContain("parameters.dwell: got 700; allowed: 0 to 600.");
    }

    [Fact]
    public async Task PluginsGet_OfAnAnalyzer_ShowsOutputsTermsAndParameters()
    {
        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("plugins", "get", "medgen.surgical-phase");
        (_, string modality, _) = await MedGenCommand.RunAsync("plugins", "get", "medgen.imaging-modality");

        exitCode.ShouldBe(0, error);
        output.ShouldContain("CleaningCoagulation");
        output.ShouldContain("illegal_dwell");
        output.ShouldContain("number, 0 to 600");
        modality.ShouldContain("US (DCM US, Ultrasound)");
    }

    [Fact, Long]
    public async Task ClassifyModality_OnARunningHost_LeavesNoFileThereWhetherItIsAnsweredOrNot()
    {
        string text = Path.Combine(_folder, "notes.mp4");
        await File.WriteAllTextAsync(text, "not a film", TestContext.Current.CancellationToken);
        string data = Path.Combine(_folder, "data");
        await using ServeProcess host = await ServeProcess.StartAsync(data);

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync(
            "classify", "modality", text, Path.Combine(Samples, "clips", "lung_ultrasound.mp4"), "--host", host.Grpc.ToString(), "--json");

        exitCode.ShouldBe(3);
        error.ShouldContain("notes.mp4");
        Lines(output).ShouldHaveSingleItem().GetProperty("modality").GetString().ShouldBe("US");
        Directory.EnumerateFiles(Path.Combine(data, "artifacts"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact, Long]
    public async Task EvaluateModality_OfALabelledFolder_CountsRightAndWrongAnswersAndNamesWhatItCannotRead()
    {
        string clip = Path.Combine(Samples, "clips", "lung_ultrasound.mp4");
        File.Copy(clip, Path.Combine(_folder, "right.mp4"));
        File.Copy(clip, Path.Combine(_folder, "wrong.mp4"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.mp4"), "not a film", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "metadata.csv"), "file_name,label\nright.mp4,US\nwrong.mp4,CT\nnotes.mp4,US\n", TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("evaluate", "modality", "--data", _folder, "--json");

        exitCode.ShouldBe(0, error);
        JsonElement evaluation = Lines(output).ShouldHaveSingleItem();
        evaluation.GetProperty("clips").GetInt32().ShouldBe(2);
        evaluation.GetProperty("balancedAccuracy").GetDouble().ShouldBe(0.5);
        evaluation.GetProperty("perLabel").EnumerateArray().Where(label => label.GetProperty("clips").GetInt32() > 0)
            .Select(label => (label.GetProperty("label").GetString(), label.GetProperty("recall").GetDouble())).ShouldBe([("CT", 0), ("US", 1)]);
        evaluation.GetProperty("skipped").EnumerateArray().ShouldHaveSingleItem().GetProperty("file").GetString().ShouldBe("notes.mp4");
    }

    [Fact]
    public async Task EvaluateModality_OfAnUnknownModality_NamesTheFileAndWhatIsAllowed()
    {
        File.Copy(Path.Combine(Samples, "clips", "lung_ultrasound.mp4"), Path.Combine(_folder, "clip.mp4"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "metadata.csv"), "file_name,label\nclip.mp4,sonogram\n", TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("evaluate", "modality", "--data", _folder);

        exitCode.ShouldBe(3);
        output.ShouldBeEmpty();
        error.ShouldContain("label: 'sonogram' (clip.mp4) is not a modality; allowed: DICOM codes");
    }

    [Fact]
    public async Task EvaluateGeneration_WithAFolderThatIsNotThere_SaysSoAtOnce()
    {
        (int exitCode, _, string error) = await MedGenCommand.RunAsync(
            "evaluate", "generation", "--spec", RepositoryRoot.Path("recipes", "medgen-mini", "evaluation.json"), "--data", "real=no-such-folder", "--out", _folder);

        exitCode.ShouldBe(3);
        error.ShouldContain("--data: there is no folder 'no-such-folder' for source 'real'.");
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task ModelInspect_OfAFolderWithAMissingShard_SaysSoAndEndsWithOne()
    {
        File.Copy(Path.Combine(Fixtures.TinyModel, "diffusion_pytorch_model.safetensors"), Path.Combine(_folder, "diffusion_pytorch_model-00001-of-00002.safetensors"));
        File.Copy(Path.Combine(Fixtures.TinyModel, "config.json"), Path.Combine(_folder, "config.json"));

        (int exitCode, string output, _) = await MedGenCommand.RunAsync("model", "inspect", _folder);

        output.ShouldContain("missing: shard diffusion_pytorch_model-00002-of-00002.safetensors is missing");
        exitCode.ShouldBe(1);
    }

    [Fact]
    public async Task ModelVerify_OfScheduleFixtures_EndsWithZeroAndWithOneWhenAByteIsWrong()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "schedulers"));
        string cases = Path.Combine(_folder, "schedulers", "cases.safetensors");
        byte[] bytes = await File.ReadAllBytesAsync(Fixtures.Path("goldens", "schedulers", "cases.safetensors"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(cases, bytes, TestContext.Current.CancellationToken);

        (int exitCode, string output, _) = await MedGenCommand.RunAsync("model", "verify", _folder, "--json");

        JsonElement[] records = Lines(output);
        records.Length.ShouldBeGreaterThan(10);
        records.ShouldAllBe(record => record.GetProperty("pass").GetBoolean());
        exitCode.ShouldBe(0);

        bytes[^1] ^= 0x40; // the exponent of the last value
        await File.WriteAllBytesAsync(cases, bytes, TestContext.Current.CancellationToken);
        (exitCode, output, _) = await MedGenCommand.RunAsync("model", "verify", _folder, "--json");

        Lines(output).ShouldContain(record => !record.GetProperty("pass").GetBoolean());
        exitCode.ShouldBe(1);
    }

    [Fact, Long]
    public async Task PluginsCheck_OfAShippedPlugin_FindsItGood()
    {
        string plugin = RepositoryRoot.Path("artifacts", "plugins", "medgen.imaging-modality", "0.1.0");

        // In a process of its own: whether it unloads depends on what else has happened in one.
        (int exitCode, string output, _) = await MedGenCommand.RunProcessAsync("plugins", "check", plugin);

        output.ShouldContain("passes the SDK's checks");
        output.ShouldContain("unloads cleanly");
        exitCode.ShouldBe(0);
    }

    [Fact, Long]
    public async Task PluginsCheck_OfAPluginThatNeedsAModel_SaysSoAndFindsItGood()
    {
        string plugin = RepositoryRoot.Path("artifacts", "plugins", "medgen.generation", "0.1.0");

        (int exitCode, string output, _) = await MedGenCommand.RunProcessAsync("plugins", "check", plugin);

        output.ShouldContain("generation/1 could not be checked: No model is loaded.");
        exitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(2, "frobnicate")]
    [LongInlineData(4, "jobs", "get", "none")]
    [InlineData(7, "jobs", "list", "--host", "http://127.0.0.1:1")]
    public async Task Command_ThatCannotBeDone_EndsWithItsCode(int expected, params string[] arguments)
    {
        IEnumerable<string> folder = arguments is ["jobs", "get", ..] ? ["--data-dir", _folder] : [];

        (int exitCode, string output, string error) = await MedGenCommand.RunProcessAsync(arguments.Concat(folder));

        exitCode.ShouldBe(expected, error);
        output.ShouldBeEmpty();
        error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task JobsList_FolderOfSomebodyElse_IsRefusedAndLeftAsItIs()
    {
        string thesis = Path.Combine(_folder, "work", "thesis.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(thesis)!);
        await File.WriteAllTextAsync(thesis, "years of work", TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("jobs", "list", "--data-dir", _folder);

        exitCode.ShouldBe(5, error);
        output.ShouldBeEmpty();
        error.ShouldContain(_folder);
        Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).ShouldBe([Path.GetDirectoryName(thesis)!, thesis]);
    }

    private async Task<(JsonElement Answer, string[] Frames)> GenerateAsync(string name, int seed, bool inProcess = true)
    {
        string file = Path.Combine(_folder, name);
        string[] command = ["generate", "--prompt", "a lung", "--width", "64", "--height", "48", "--frames", "9", "--steps", "3", "--seed", $"{seed}", "--out", file, "--json"];
        (int exitCode, string output, string error) = await (inProcess ? MedGenCommand.RunAsync(command) : MedGenCommand.RunProcessAsync(command));
        exitCode.ShouldBe(0, error);
        return (Lines(output).ShouldHaveSingleItem(), await HashFramesAsync(file));
    }

    // One MD5 a decoded frame; the files themselves differ, because each names its own provenance.
    private static async Task<string[]> HashFramesAsync(string file)
    {
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", file, "-f", "framemd5", "-"]) { RedirectStandardOutput = true })!;
        string output = await ffmpeg.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ffmpeg.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. output.Split('\n').Where(line => line.StartsWith("0,", StringComparison.Ordinal)).Select(line => line.Split(',')[^1].Trim())];
    }

    private static JsonElement[] Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
