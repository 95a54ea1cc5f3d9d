using System.Text.Json.Nodes;
using MedGen.Evaluation.VBench;
using MedGen.Evaluation.VBench.Clips;
using MedGen.Evaluation.VBench.Results;
using MedGen.Media;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Evaluation.Tests.VBench;

[Collection("torch")]
public sealed class BenchmarkRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-vbench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Output => Path.Combine(_folder, "out");

    [Fact]
    public async Task Run_WithoutNetworks_MeasuresStandInsUnderTheirOwnNamesAndNoAutomaticPart()
    {
        BenchmarkResult result = await RunAsync(await FinishedAsync());

        result.Scores.Select(score => (score.Name, score.IsUpstream)).ShouldBe(
        [
            ("imaging quality (medgen sharpness)", false), ("subject consistency (medgen features)", false),
            ("background consistency (medgen thumbnails)", false), ("motion smoothness (medgen mean of neighbours)", false),
            ("temporal flickering", true), ("dynamic degree (medgen block matching)", false),
        ]);
        result.Scores.ShouldAllBe(score => score.Clips == 2 && double.IsFinite(score.Value));
        result.Automatic.ShouldBeNull();
        result.PromptsWithoutClips.ShouldBe(["A knee"]);
        string report = await File.ReadAllTextAsync(Path.Combine(Output, "VBENCH.md"), TestContext.Current.CancellationToken);
        report.ShouldContain("| clips, here | not measured | not measured | not measured | not measured | not measured | not rated | – |");
        report.ShouldContain("| MedGen, published | – | – | – | – | 91.02 | 38.50 (implied) | 70.93 |");
    }

    [Fact]
    public async Task Run_WithNetworksThatSayTheyAreUpstreams_MeasuresTheAutomaticPart()
    {
        Dictionary<string, string> networks = new()
        {
            ["imaging"] = Renamed("imaging", "MUSIQ"),
            ["subject"] = Renamed("subject", "DINO ViT-B/16"),
            ["background"] = Renamed("background", "CLIP ViT-B/32"),
            ["motion"] = Renamed("motion", "AMT-S"),
            ["flow"] = TestClips.Network("flow"),
        };

        BenchmarkResult result = await RunAsync((await FinishedAsync()) with { Networks = networks });

        result.Scores.Select(score => score.Name).ShouldBe(
            ["imaging quality", "subject consistency", "background consistency", "motion smoothness", "temporal flickering", "dynamic degree (tiny difference)"]);
        result.Automatic!.Value.ShouldBe(result.Scores.Take(4).Average(score => score.Value), 1e-9);
        result.Scores[0].Value.ShouldBeInRange(20, 40); // 100 times the mean of a frame in 0 to 1
        result.Scores[1].Sha256!.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Run_Again_ScoresNoClipTwiceAndRepairsALastLineThatWasCut()
    {
        BenchmarkTask task = await FinishedAsync();
        await RunAsync(task);
        string scores = Path.Combine(Output, "scores.jsonl");
        string[] lines = await File.ReadAllLinesAsync(scores, TestContext.Current.CancellationToken);
        lines.Length.ShouldBe(12);
        string first = lines[0].Replace("\"value\":", "\"value\":1", StringComparison.Ordinal); // what is kept is taken, not measured again
        await File.WriteAllTextAsync(scores, string.Join('\n', [first, .. lines[1..11]]) + "\n" + lines[11][..20], TestContext.Current.CancellationToken);

        BenchmarkResult result = await RunAsync(task);

        result.Scores[0].Value.ShouldBeGreaterThan(100 / 2.0);
        (await File.ReadAllLinesAsync(scores, TestContext.Current.CancellationToken)).ShouldBe([first, .. lines[1..]]);
    }

    [Fact, Long]
    public async Task Run_OfAModel_GeneratesOnceAndRefusesAnotherSeedInTheSameFolder()
    {
        BenchmarkTask task = (await FinishedAsync()) with
        {
            Videos = null, Model = RepositoryRoot.Path("models", "medgen-mini"), Limit = 2, Generation = new ClipGenerationOptions { Steps = 1, Seed = 5 },
        };
        BenchmarkResult result = await RunAsync(task);
        string kept = Path.Combine(Output, "clips", "0001-0.mp4");
        DateTime written = File.GetLastWriteTimeUtc(kept);
        File.Delete(Path.Combine(Output, "clips", "0002-0.mp4"));

        BenchmarkResult again = await RunAsync(task);

        (result.Name, result.Origin!.Seed, result.Clips[0].Seed).ShouldBe(("medgen-mini", 5, 5));
        File.GetLastWriteTimeUtc(kept).ShouldBe(written);
        again.Clips.Select(clip => clip.Sha256).ShouldBe(result.Clips.Select(clip => clip.Sha256), "the same seed gives the same clip");
        (await Should.ThrowAsync<InvalidInputException>(RunAsync(task with { Generation = task.Generation with { Seed = 6 } }))).Message.ShouldContain("another seed");
        await File.WriteAllTextAsync(task.Prompts, "A spleen\nA lung\n", TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<InvalidInputException>(RunAsync(task))).Message.ShouldContain("'0001-0.mp4'");
    }

    [Fact]
    public void Published_Total_FollowsFromThePapersFormula()
    {
        PublishedScore paper = MedVBench.Published[0];

        MedVBench.Total(paper.Automatic, 38.5).ShouldBe(paper.Total!.Value, 0.005);
        MedVBench.WarpingError(paper.Automatic, paper.Total.Value).ShouldBe(38.5, 0.005);
    }

    [Theory]
    [InlineData("face=x", "allowed: imaging, subject, background, motion, flow")]
    [InlineData("subject", "SLOT=DIR")]
    public async Task Networks_OfNoSlot_AreRefused(string network, string message)
    {
        BenchmarkTask task = await FinishedAsync();

        (await Should.ThrowAsync<InvalidInputException>(async () => await RunAsync(task with { Networks = BenchmarkTask.NamedNetworks(list: null, [network]) })))
            .Message.ShouldContain(message);
    }

    [Fact]
    public void Networks_OfAList_AreRelativeToIt()
    {
        string list = Path.Combine(_folder, "networks.json");
        File.WriteAllText(list, """{ "subject": "dino" }""");

        BenchmarkTask.NamedNetworks(list, ["flow=/raft"]).ShouldBe(new Dictionary<string, string> { ["subject"] = Path.Combine(_folder, "dino"), ["flow"] = "/raft" }, ignoreOrder: true);
        Should.Throw<InvalidInputException>(() => BenchmarkTask.NamedNetworks(list, ["subject=x"])).Message.ShouldContain("twice");
    }

    private static Task<BenchmarkResult> RunAsync(BenchmarkTask task) =>
        new BenchmarkRun(TestClips.Media.GetRequiredService<IVideoReader>(), TestClips.Media.GetRequiredService<IVideoWriter>())
            .RunAsync(task, (_, _) => { }, TestContext.Current.CancellationToken);

    private async Task<BenchmarkTask> FinishedAsync()
    {
        string clips = Directory.CreateDirectory(Path.Combine(_folder, "clips")).FullName;
        await TestClips.WriteAsync(Path.Combine(clips, "A heart-0.mp4"), frames: 9, speed: 1);
        await TestClips.WriteAsync(Path.Combine(clips, "A lung-0.mp4"), frames: 5, speed: 2);
        string prompts = Path.Combine(_folder, "prompts.txt");
        await File.WriteAllTextAsync(prompts, "A heart\nA lung\nA knee\n", TestContext.Current.CancellationToken);
        return new BenchmarkTask { Videos = clips, Prompts = prompts, ModalityWeights = TestClips.ModalityWeights, Output = Output };
    }

    private string Renamed(string slot, string network)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "networks", slot)).FullName;
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(TestClips.Network(slot), "network.json")))!;
        manifest["network"] = network;
        File.WriteAllText(Path.Combine(folder, "network.json"), manifest.ToJsonString());
        File.Copy(Path.Combine(TestClips.Network(slot), "tiny.onnx"), Path.Combine(folder, "tiny.onnx"));
        return folder;
    }
}
