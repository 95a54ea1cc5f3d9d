using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MedGen.Cli.Tests;

public sealed class CurateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-curate-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Curate_WrongInput_SaysWhatIsAllowed()
    {
        (int exitCode, _, string error) = await MedGenCommand.RunAsync("curate", "--in", Path.Combine(_folder, "none"), "--out", Path.Combine(_folder, "out"));

        exitCode.ShouldBe(ExitCode.InvalidInput);
        error.ShouldContain("there is no folder");
        (exitCode, _, error) = await MedGenCommand.RunAsync("curate", "--in", _folder, "--out", "x", "--resume", "--overwrite");
        (exitCode, error.Contains("say the opposite", StringComparison.Ordinal)).ShouldBe((ExitCode.InvalidInput, true));
    }

    [Fact]
    public async Task Curate_NetworksOfTheSpecification_ScoreAndFlagTheClips()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "raw"));
        foreach (string network in new[] { "gray", "picture" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, network));
            File.Copy(RepositoryRoot.Path("tests", "fixtures", "onnx", $"{network}.onnx"), Path.Combine(_folder, network, $"{network}.onnx"));
        }

        // tests/fixtures/onnx/make.py says what the networks compute: the brightest pixel, and a box in every frame.
        await WriteAsync("gray/onnx.json", """
            { "model": "gray.onnx", "summary": "Brightest pixel.",
              "input": { "width": 8, "height": 4, "fit": "stretch", "layout": "nhwc", "channels": "gray", "scale": 1 },
              "outputs": [{ "name": "level", "description": "Brightest pixel.", "meaning": "regression", "unit": "1" }] }
            """);
        await WriteAsync("picture/onnx.json", """
            { "model": "picture.onnx", "summary": "Things.", "input": { "width": 8, "height": 8, "fit": "pad" },
              "outputs": [{ "name": "things", "description": "Things.", "meaning": "detection", "tensor": "boxes", "scoresTensor": "scores",
                "labelsTensor": "classes", "labels": [null, "thing"] }] }
            """);
        await WriteAsync("spec.json", """
            {
              "min_short_side": 96, "medical": { "min_probability": 0, "drop_unknown": false }, "coherence": { "min_seconds": 2, "min_similarity": 0 },
              "borders": { "action": "keep" }, "text": { "frames": 1 },
              "quality": { "min_sharpness": null, "min_brightness": null, "max_blockiness": null },
              "scorers": [ { "name": "dover", "folder": "gray", "min": 10 } ],
              "detectors": [ { "name": "face", "folder": "picture", "keep": true } ]
            }
            """);
        using (Process make = Process.Start(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-i", RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4"), "-vf", "scale=96:96", "-c:v", "libx264",
                Path.Combine(_folder, "raw", "lung.mp4"),
            ]))
        {
            await make.WaitForExitAsync(Token);
        }

        string[] command = ["curate", "--in", Path.Combine(_folder, "raw"), "--spec", Path.Combine(_folder, "spec.json"), "--json", "--out"];
        (int exitCode, string json, string error) = await MedGenCommand.RunAsync([.. command, Path.Combine(_folder, "kept")]);

        exitCode.ShouldBe(ExitCode.Success, error);
        JsonNode.Parse(json)!["clips"]!.GetValue<int>().ShouldBe(1);
        JsonNode clip = Lines(Path.Combine(_folder, "kept"), "metadata.jsonl").Single();
        clip["dover"]!.GetValue<double>().ShouldBeInRange(10, 255);
        clip["flags"]!.GetValue<string>().ShouldBe("face");
        clip["label"]!.GetValue<string>().ShouldBe("US");

        // What is flagged is dropped where nobody has said that it may stay.
        await WriteAsync("spec.json", File.ReadAllText(Path.Combine(_folder, "spec.json")).Replace(", \"keep\": true", "", StringComparison.Ordinal));
        (exitCode, _, _) = await MedGenCommand.RunAsync([.. command, Path.Combine(_folder, "dropped")]);

        exitCode.ShouldBe(ExitCode.Negative);
        Lines(Path.Combine(_folder, "dropped"), "manifest.jsonl").Last()["reason"]!.GetValue<string>().ShouldStartWith("face in ");
    }

    [Fact]
    [Long]
    public async Task Curate_RawFilms_KilledAndResumed_KeepsTheMedicalClipsAndSaysWhyNotTheOthers()
    {
        string raw = Path.Combine(_folder, "raw");
        string output = Path.Combine(_folder, "out");
        using (Process make = Process.Start("sh", [RepositoryRoot.Path("samples", "raw", "make.sh"), raw]))
        {
            await make.WaitForExitAsync(Token);
            make.ExitCode.ShouldBe(0);
        }

        // Killed as soon as one film is done, another not.
        using (Process killed = MedGenCommand.Start("curate", "--in", raw, "--out", output, "--workers", "1"))
        {
            _ = killed.StandardOutput.ReadToEndAsync(Token);
            _ = killed.StandardError.ReadToEndAsync(Token);
            using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50));
            while (!killed.HasExited && !States(output).Any(IsDone))
            {
                await look.WaitForNextTickAsync(Token);
            }

            killed.Kill(entireProcessTree: true);
            await killed.WaitForExitAsync(Token);
        }

        Dictionary<string, DateTime> done = States(output).Where(IsDone).ToDictionary(path => path, File.GetLastWriteTimeUtc);
        done.ShouldNotBeEmpty();

        (int exitCode, string json, string error) = await MedGenCommand.RunProcessAsync("curate", "--in", raw, "--out", output, "--resume", "--json");

        exitCode.ShouldBe(ExitCode.Success, error);
        done.ShouldAllBe(state => File.GetLastWriteTimeUtc(state.Key) == state.Value, "a finished film was done again");
        JsonNode summary = JsonNode.Parse(json)!;
        summary["films"]!.GetValue<int>().ShouldBe(8);
        JsonNode[] clips = [.. Lines(output, "metadata.jsonl")];
        clips.ShouldNotBeEmpty();
        clips.ShouldAllBe(clip => clip["label"]!.GetValue<string>().Length > 0 && File.Exists(Path.Combine(output, clip["file_name"]!.GetValue<string>())));
        clips.Select(clip => clip["source"]!.GetValue<string>()).ShouldContain("imaging.mp4");
        clips.Select(clip => clip["source"]!.GetValue<string>()).ShouldNotContain("everyday.mp4");
        string[] reasons =
        [
            .. Lines(output, "manifest.jsonl")
                .Select(line => $"{(line["kind"]!.GetValue<string>() == "film" ? line["film"]!["rejected_by"] : line["rejected_by"])}"),
        ];
        foreach (string stage in new[] { "readable", "duplicates", "resolution", "medical content", "black borders" })
        {
            reasons.ShouldContain(stage);
        }
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, Token);

    private static string[] States(string output) =>
        Directory.Exists(Path.Combine(output, "work")) ? Directory.GetFiles(Path.Combine(output, "work"), "*.clips.json") : [];

    private static bool IsDone(string state) => File.ReadAllText(state).Contains("\"is_done\":true", StringComparison.Ordinal);

    private static IEnumerable<JsonNode> Lines(string output, string name) => File.ReadAllLines(Path.Combine(output, name)).Select(line => JsonNode.Parse(line)!);
}
