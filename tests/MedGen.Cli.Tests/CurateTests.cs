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
        string[] reasons = [.. Lines(output, "manifest.jsonl").Select(line => $"{line["rejected_by"] ?? line["film"]?["rejected_by"]}")];
        foreach (string stage in new[] { "readable", "duplicates", "resolution", "medical content", "black borders" })
        {
            reasons.ShouldContain(stage);
        }
    }

    private static string[] States(string output) =>
        Directory.Exists(Path.Combine(output, "work")) ? Directory.GetFiles(Path.Combine(output, "work"), "*.clips.json") : [];

    private static bool IsDone(string state) => File.ReadAllText(state).Contains("\"is_done\":true", StringComparison.Ordinal);

    private static IEnumerable<JsonNode> Lines(string output, string name) => File.ReadAllLines(Path.Combine(output, name)).Select(line => JsonNode.Parse(line)!);
}
