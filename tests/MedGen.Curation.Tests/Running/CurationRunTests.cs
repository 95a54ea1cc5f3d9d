using System.Text.Json.Nodes;
using MedGen.Curation.Results;
using MedGen.Curation.Running;
using MedGen.Curation.Specifications;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Media.Cutting;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Training.Clips;
using MedGen.Training.Recipes;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Curation.Tests.Running;

public sealed class CurationRunTests(RawFolder raw) : IClassFixture<RawFolder>, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMedGenMedia().BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Run_FolderOfFilms_BecomesADataSetThatTrainersRead()
    {
        string output = raw.Output("whole");

        CurationSummary summary = await RunAsync(Task(output), _services.GetRequiredService<IVideoReader>());

        Counts(summary, "readable").ShouldBe((5, 4));
        Counts(summary, "duplicates").ShouldBe((4, 2));
        Counts(summary, "resolution").ShouldBe((2, 1));
        summary.Funnel.Single(row => row.Stage == "keyframes").LeftOut!.ShouldContain("weights");
        Counts(summary, "shots").ShouldBe((1, 2));
        Counts(summary, "coherence and duration").ShouldBe((2, 2));
        Counts(summary, "captions").ShouldBe((2, 2));
        summary.Funnel.Single(row => row.Stage == "medical content").LeftOut!.ShouldContain("weights");
        summary.Funnel.Single(row => row.Stage == "faces and identifiers").LeftOut!.ShouldContain("nobody has looked");
        summary.Warnings.Single().ShouldStartWith("broken.mp4: ");
        summary.Clips.ShouldBe(2);

        JsonNode[] lines = [.. File.ReadAllLines(Path.Combine(output, "metadata.jsonl")).Select(line => JsonNode.Parse(line)!)];

        // The film has a keyframe at its beginning, and none soon after the cut.
        lines.Select(line => line["cut"]!.GetValue<string>()).ShouldBe(["copy", "encode"]);
        lines[0]["source_end"]!.GetValue<double>().ShouldBeInRange(RawFolder.Shot - 0.5, RawFolder.Shot);
        lines[1]["source_start"]!.GetValue<double>().ShouldBeInRange(RawFolder.Shot, RawFolder.Shot + 0.25);
        lines.ShouldAllBe(line => line["resolution"]!.GetValue<string>() == "128x96" && line["fps"]!.GetValue<double>() == 25
            && line["licence"]!.GetValue<string>() == "CC BY 4.0" && line["split"]!.GetValue<string>() == "train");
        lines[0]["brief_caption"]!.GetValue<string>().ShouldBe("Medical video: Lungs and bars.");

        string manifest = File.ReadAllText(Path.Combine(output, "manifest.jsonl"));
        manifest.ShouldContain("the same file as film.mp4");
        manifest.ShouldContain("looks the same as film.mp4");
        manifest.ShouldContain("64x48 px; a shorter side of at least 96 px");
        string card = File.ReadAllText(Path.Combine(output, "README.md"));
        card.ShouldContain("| shots | clips | 1 | 2 |");
        card.ShouldContain("| CC BY 4.0 | Somebody | 2 |");
        card.ShouldContain("passed over: 1 .txt");
        File.Exists(Path.Combine(output, "funnel.svg")).ShouldBeTrue();

        DatasetFolder.Read(output).Select(item => item.Caption).ShouldAllBe(caption => caption!.StartsWith("Medical video: Lungs and bars."));
        DataSourceRecipe source = new() { Name = "curated", Type = DataSourceType.Folder, Folder = output };
        ClipLibrary library = ClipLibrary.Open([source], _services.GetRequiredService<IVideoReader>(), []);
        library.Training("curated").Count.ShouldBe(2);
        byte[] pixels = (await library.Training("curated")[1].ReadAsync(new ClipShape { Width = 64, Height = 64, NumFrames = 17, FramesPerSecond = 4 }, Token))!;
        pixels.Max().ShouldBeGreaterThan((byte)60);
    }

    [Fact]
    public async Task Run_CancelledInTheMiddle_GoesOnWithWhatIsLeft()
    {
        string output = raw.Output("resumed");
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        CurationRun run = Run(_services.GetRequiredService<IVideoReader>());
        await Should.ThrowAsync<OperationCanceledException>(() => run.RunAsync(
            Task(output), progress =>
            {
                if (progress.Stage == "captions")
                {
                    stop.Cancel();
                }
            }, stop.Token));

        (await Should.ThrowAsync<InvalidInputException>(() => run.RunAsync(Task(output), _ => { }, Token))).Message.ShouldContain("--resume");
        CountingReader reader = new(_services.GetRequiredService<IVideoReader>());
        CurationTask again = Task(output) with { Mode = OutputMode.Resume };
        CurationSummary summary = await RunAsync(again, reader);

        // Neither looked at nor scanned again: only clips were opened, whose captions were missing.
        reader.Opened.ShouldNotBeEmpty();
        reader.Opened.ShouldAllBe(path => path.Contains("/clips/"));
        Counts(summary, "captions").ShouldBe((2, 2));
        Counts(summary, "shots").ShouldBe((1, 2));

        reader.Opened.Clear();
        string before = File.ReadAllText(Path.Combine(output, "metadata.jsonl"));
        await RunAsync(again, reader);
        reader.Opened.ShouldBeEmpty();
        File.ReadAllText(Path.Combine(output, "metadata.jsonl")).ShouldBe(before);

        CurationSpec other = Task(output).Spec with { MinShortSide = 97 };
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync(again with { Spec = other }, reader))).Message.ShouldContain("another specification");
    }

    [Fact]
    public async Task Run_StartedAgainUnderItsOwnId_GoesOnWhateverTheModeSays()
    {
        string output = raw.Output("again");
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        CurationTask task = Task(output) with { RunId = "job-1" };
        await Should.ThrowAsync<OperationCanceledException>(() => Run(_services.GetRequiredService<IVideoReader>()).RunAsync(
            task, progress =>
            {
                if (progress.Stage == "captions")
                {
                    stop.Cancel();
                }
            }, stop.Token));
        CountingReader reader = new(_services.GetRequiredService<IVideoReader>());

        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync(task with { RunId = "job-2" }, reader))).Message.ShouldContain("not empty");
        CurationSpec other = task.Spec with { MinShortSide = 97 };
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync(task with { Spec = other }, reader))).Message.ShouldContain("another specification");
        CurationSummary summary = await RunAsync(task, reader);

        reader.Opened.ShouldAllBe(path => path.Contains("/clips/"));
        Counts(summary, "captions").ShouldBe((2, 2));
    }

    [Fact]
    public async Task Run_OutputInTheInput_IsRefused() =>
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync(Task(Path.Combine(raw.Films, "out")), _services.GetRequiredService<IVideoReader>())))
            .Message.ShouldContain("take its clips for films");

    [Fact]
    public async Task Run_ScorerWithoutWhatOpensIt_IsRefusedByName()
    {
        CurationTask task = Task(raw.Output("scorer"));
        task = task with { Spec = task.Spec with { Scorers = [new ScorerSpec { Name = "dover", Folder = "/nowhere" }] } };

        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync(task, _services.GetRequiredService<IVideoReader>()))).Violations[0].Field.ShouldBe("scorers");
    }

    private static (int Before, int After) Counts(CurationSummary summary, string stage) =>
        summary.Funnel.Single(row => row.Stage == stage).Count is var count ? (count.Before, count.After) : default;

    private CurationTask Task(string output) => new()
    {
        Input = raw.Films,
        Output = output,
        Spec = new CurationSpec
        {
            MinShortSide = 96,
            Scan = new ScanSpec { LongSide = 64 },
            Coherence = new CoherenceSpec { MinSimilarity = 0.3 },
            Borders = new BorderSpec { Action = BorderAction.Keep },
            Text = new TextSpec { Frames = 1 },
            Quality = new QualitySpec { MinBrightness = 1, MaxBlockiness = null },
        },
        Workers = 2,
    };

    private CurationRun Run(IVideoReader reader) => new(reader, _services.GetRequiredService<IVideoCutter>(), TimeProvider.System);

    private Task<CurationSummary> RunAsync(CurationTask task, IVideoReader reader) => Run(reader).RunAsync(task, _ => { }, Token);

    private sealed class CountingReader(IVideoReader reader) : IVideoReader
    {
        public List<string> Opened { get; } = [];

        public Task<IVideoClip> OpenAsync(string path, CancellationToken cancellationToken)
        {
            lock (Opened)
            {
                Opened.Add(path);
            }

            return reader.OpenAsync(path, cancellationToken);
        }

        public Task<IVideoClip> OpenKeyframesAsync(string path, CancellationToken cancellationToken) => reader.OpenKeyframesAsync(path, cancellationToken);

        public Task<IVideoClip> OpenSlicesAsync(string name, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
