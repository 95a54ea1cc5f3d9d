using System.Text.Json;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;
using MedGen.Media;
using MedGen.Sdk.Models;

namespace MedGen.Datasets.Tests.Augmentation;

public sealed class DatasetAugmentationTests : IDisposable
{
    private readonly AugmentationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_OfAListWithColumnsOfItsOwn_KeepsThemForItsRealClips()
    {
        await _fixture.WriteDataAsync(patients: 3);
        string list = Path.Combine(_fixture.Data, "metadata.csv");
        string[] lines = await File.ReadAllLinesAsync(list, AugmentationFixture.Token);
        await File.WriteAllLinesAsync(list, lines.Select((line, i) => i == 0 ? line + ",probe,data_seed,seed" : $"{line},convex,d{i},s{i}"), AugmentationFixture.Token);

        await _fixture.RunAsync("out", AugmentationFixture.Small("\"balance\": { \"add_per_class\": 1 }"));

        IReadOnlyList<DatasetItem> written = DatasetFolder.Read(_fixture.Output("out"));
        written.Where(item => item.Columns["source"] == "real").ShouldAllBe(item => item.Columns["probe"] == "convex" && item.Columns["data_seed"].StartsWith('d') && item.Columns["data_data_seed"].StartsWith('s'));
        written.Where(item => item.Columns["source"] == "synthetic").ShouldAllBe(item => !item.Columns.ContainsKey("probe") && long.Parse(item.Columns["seed"]) >= 0);
    }

    [Fact]
    public async Task RunAsync_WithoutTheRealClips_SaysSoAndTellsTheYieldOfEachMethod()
    {
        await _fixture.WriteDataAsync();

        AugmentationSummary summary = await _fixture.RunAsync("out", AugmentationFixture.Small("""
            "balance": { "add_per_class": 2 }, "max_attempts": 2, "methods": [{ "type": "classic" }, { "type": "variation" }], "output": { "include_real": false }
            """));

        string card = await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token);
        card.ShouldContain($"# {summary.Kept} synthetic clips\n");
        card.ShouldContain("The 8 real clips that they were made for are not in it.");
        ClipRecord[] varied = [.. summary.Records.Where(record => record.Method == "variation")];
        varied.ShouldNotBeEmpty();
        card.ShouldContain($"| variation | {varied.Length} | 0 | 0 % | privacy {varied.Length} |");
    }

    [Fact]
    public async Task RunAsync_OfAFolderWithOtherFiles_CountsThemInSummaryAndCard()
    {
        await _fixture.WriteDataAsync(patients: 3);
        await File.WriteAllTextAsync(Path.Combine(_fixture.Data, "volume.nii"), "", AugmentationFixture.Token);

        AugmentationSummary summary = await _fixture.RunAsync("out", AugmentationFixture.Small("\"balance\": { \"add_per_class\": 1 }"));

        summary.PassedOver.ShouldBe(new Dictionary<string, int> { [".nii"] = 1 });
        (await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token)).ShouldContain("passed over: 1 .nii.");
    }

    [Fact]
    public async Task RunAsync_OfOneFileUnderTwoPatients_IsRefusedBeforeAnythingIsWritten()
    {
        await _fixture.WriteDataAsync(patients: 3);
        File.Copy(Path.Combine(_fixture.Data, "a1.mp4"), Path.Combine(_fixture.Data, "a2.mp4"), overwrite: true);

        (await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", AugmentationFixture.Small()))).Message.ShouldContain("are the same file under two patients");
        Directory.Exists(_fixture.Output("out")).ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_Twice_GivesTheSameFrames()
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = AugmentationFixture.Small("""
            "balance": { "add_per_class": 2 }, "methods": [{ "type": "classic", "options": { "flips": ["horizontal"], "per_clip": 3, "mix": "cutmix" } }, { "type": "prompted" }],
            "filters": { "privacy": { "quantile": 1 } }
            """);

        AugmentationSummary first = await _fixture.RunAsync("one", spec);
        AugmentationSummary second = await _fixture.RunAsync("two", spec);
        AugmentationSummary other = await _fixture.RunAsync("three", spec with { Seed = 2 });

        second.Records.Select(record => record.FramesSha256).ShouldBe(first.Records.Select(record => record.FramesSha256));
        _fixture.Model.Requests.ShouldAllBe(request => request.Deterministic);
        other.Records.Select(record => record.FramesSha256).ShouldNotBe(first.Records.Select(record => record.FramesSha256));
        first.Records.Select(record => record.FramesSha256).ShouldBeUnique();
        (await File.ReadAllTextAsync(Path.Combine(_fixture.Output("one"), "manifest.csv"), AugmentationFixture.Token))
            .ShouldBe(await File.ReadAllTextAsync(Path.Combine(_fixture.Output("two"), "manifest.csv"), AugmentationFixture.Token));
    }

    [Fact]
    public async Task RunAsync_AfterADiskThatFilledUp_GoesOnToWhatAnUninterruptedRunMakes()
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = AugmentationFixture.Small("""
            "balance": { "add_per_class": 4 }, "methods": [{ "type": "classic" }, { "type": "prompted", "options": { "prompts": ["{label}"] } }],
            "filters": { "per_prompt": 1, "quality": { "enabled": false }, "outliers": { "enabled": false }, "privacy": { "enabled": false } }
            """);
        AugmentationSummary whole = await _fixture.RunAsync("whole", spec);

        ResourceExhaustedException full = await Should.ThrowAsync<ResourceExhaustedException>(() => _fixture.RunAsync("broken", spec, writer: new FullDisk(_fixture.Writer, after: 3)));
        string journal = Path.Combine(_fixture.Output("broken"), "journal.jsonl");
        int done = (await File.ReadAllLinesAsync(journal, AugmentationFixture.Token)).Length;
        await File.AppendAllTextAsync(journal, """{"id": "half a li""", AugmentationFixture.Token);
        AugmentationSummary resumed = await _fixture.RunAsync("broken", spec, OutputMode.Resume);

        full.Reason.ShouldBe("DISK_FULL");
        done.ShouldBeInRange(1, whole.Records.Count - 1);
        resumed.Records.Select(Line).ShouldBe(whole.Records.Select(Line));
        whole.Rejected.ShouldContainKey("prompt-cap");
        Directory.EnumerateFiles(_fixture.Output("broken"), "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.Exists(_fixture.Output("broken") + ".work").ShouldBeFalse();

        static string Line(ClipRecord record) => JsonSerializer.Serialize(record);
    }

    [Fact]
    public async Task RunAsync_OfAFinishedFolder_MakesNothingAgain()
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = AugmentationFixture.Small("""
            "balance": { "add_per_class": 2 }
            """);
        await _fixture.RunAsync("out", spec);

        AugmentationSummary again = await _fixture.RunAsync("out", spec, OutputMode.Resume, new Spy(_fixture.Augmenter, _ => throw new InvalidOperationException("made again")));

        again.Kept.ShouldBe(4);
    }

    [Fact]
    public async Task RunAsync_IntoAFolderThatIsNotEmpty_AsksWhatToDo()
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = AugmentationFixture.Small("""
            "balance": { "add_per_class": 1 }
            """);
        await _fixture.RunAsync("out", spec, run: "first");
        Directory.CreateDirectory(_fixture.Output("foreign"));
        await File.WriteAllTextAsync(Path.Combine(_fixture.Output("foreign"), "thesis.txt"), "mine", AugmentationFixture.Token);

        (await Refusal("out", spec, OutputMode.New)).ShouldContain("--resume goes on with the augmentation in it, --overwrite replaces it");
        (await Refusal("out", spec with { Seed = 9 }, OutputMode.Resume)).ShouldContain("another specification");
        (await Refusal("foreign", spec, OutputMode.Overwrite)).ShouldContain("holds no augmentation");
        File.Exists(Path.Combine(_fixture.Output("foreign"), "thesis.txt")).ShouldBeTrue();
        (await _fixture.RunAsync("out", spec, run: "first")).Kept.ShouldBe(2);
        (await _fixture.RunAsync("out", spec with { Seed = 9 }, OutputMode.Overwrite)).Kept.ShouldBe(2);

        async Task<string> Refusal(string output, AugmentationSpec asked, OutputMode mode) =>
            (await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync(output, asked, mode))).Message;
    }

    [Fact]
    public async Task RunAsync_ShowsTheAugmenterTrainingClipsOnly()
    {
        await _fixture.WriteDataAsync(("t1.mp4", "a", "p1", "train"), ("t2.mp4", "a", "p2", "train"), ("v.mp4", "a", "p3", "val"), ("e.mp4", "a", "p4", "test"));
        HashSet<string> seen = [];
        Spy spy = new(_fixture.Augmenter, request =>
        {
            lock (seen)
            {
                seen.UnionWith([request.Source.Id, request.Partner!.Id]);
            }
        });

        await _fixture.RunAsync("out", AugmentationFixture.Small("""
            "balance": { "add_per_class": 6 }, "filters": { "duplicates": { "enabled": false } }
            """), augmenter: spy);

        seen.Order().ShouldBe(["t1.mp4", "t2.mp4"]);
    }

    [Fact]
    public async Task RunAsync_WithClipsThatCannotBeRead_NamesThemAndStopsAboveTheLimit()
    {
        await _fixture.WriteDataAsync();
        await File.WriteAllTextAsync(Path.Combine(_fixture.Data, "a1.mp4"), "no film", AugmentationFixture.Token);
        await _fixture.WriteClipAsync(Path.Combine(_fixture.Data, "b1.mp4"), 3, frames: 2);
        AugmentationSpec spec = AugmentationFixture.Small("""
            "balance": { "add_per_class": 1 }, "split": { "validation": 0 }
            """);

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", spec));
        AugmentationSummary summary = await _fixture.RunAsync("out2", spec with { MaxUnreadable = 2 });

        error.Message.ShouldContain("'a1.mp4' cannot be read");
        error.Message.ShouldContain("'b1.mp4' is a still, or shorter than 5 frames");
        summary.Unreadable.Count.ShouldBe(2);
        (await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out2"), "README.md"), AugmentationFixture.Token)).ShouldContain("Not used, 2: 'a1.mp4'");
    }

    [Fact]
    public async Task RunAsync_OfGeneratedCopies_RefusesThemForPrivacyAndSaysSo()
    {
        await _fixture.WriteDataAsync();

        AugmentationSummary summary = await _fixture.RunAsync("out", AugmentationFixture.Small("""
            "balance": { "add_per_class": 2 }, "max_attempts": 2, "methods": [{ "type": "variation" }]
            """));

        summary.Kept.ShouldBe(0);
        summary.Records.Count.ShouldBe(8);
        summary.Records.ShouldAllBe(record => record.RejectReason!.StartsWith("privacy: correlation 1 to a training clip"));
        string card = await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token);
        card.ShouldContain("8 of 8 generated clips (100 %) were rejected");
        card.ShouldContain("(short: no more attempts)");
    }

    [Theory]
    [InlineData("everybody", "prompted", "**scripted (aaaaaaaaaaaa) was trained on 4 of the 4 validation and test clips, or on other recordings of their patients")]
    [InlineData("others", "prompted", "scripted (aaaaaaaaaaaa) was trained on none of the 4 validation and test clips or their patients.")]
    [InlineData("unknown", "prompted", "**What scripted (aaaaaaaaaaaa) was trained on is not known: it may have seen validation and test clips.**")]
    [InlineData("everybody", "classic", "No clip was generated by a model.")]
    public async Task RunAsync_OfAGenerator_SaysWhetherItHasSeenWhatIsHeldOut(string seen, string method, string expected)
    {
        await _fixture.WriteDataAsync();
        IEnumerable<string> patients = seen == "everybody" ? Enumerable.Range(1, 4).SelectMany(i => new[] { $"pa{i}", $"pb{i}" }) : ["somebody"];
        TrainingData? trainedOn = seen == "unknown" ? null : TrainingData.Of(patients.Select((patient, i) => ($"{i:x64}", (string?)patient)));

        AugmentationSummary summary = await _fixture.RunAsync(
            "out", AugmentationFixture.Small($$"""
            "balance": { "add_per_class": 1 }, "methods": [{ "type": "{{method}}" }]
            """), model: _fixture.Model.Description with { TrainingData = trainedOn });

        summary.Generators.Count.ShouldBe(method == "classic" ? 0 : 1);
        (await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token)).ShouldContain(expected);
        GeneratorsFile.Read(_fixture.Output("out")).ShouldBe(summary.Generators);
    }

    [Fact]
    public async Task RunAsync_OfADataSetWithMasksOrBoxes_IsRefusedUnlessTheyMayBeLost()
    {
        await _fixture.WriteDataAsync();
        string list = Path.Combine(_fixture.Data, "metadata.csv");
        string[] lines = await File.ReadAllLinesAsync(list, AugmentationFixture.Token);
        await File.WriteAllLinesAsync(list, [lines[0] + ",mask,bbox", .. lines[1..].Select((line, i) => $"{line},{(i == 0 ? "masks/a1.png" : "")},\"[1, 2, 3, 4]\"")], AugmentationFixture.Token);
        const string Flips = """
            "balance": { "add_per_class": 4 }, "methods": [{ "type": "classic", "options": { "flips": ["horizontal"] } }]
            """;

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", AugmentationFixture.Small(Flips)));
        AugmentationSummary summary = await _fixture.RunAsync("without", AugmentationFixture.Small(Flips + """, "without_places": true"""));

        error.Violations.Single().Field.ShouldBe("data");
        error.Message.ShouldContain("(bbox, mask), and no method carries that along");
        string card = await File.ReadAllTextAsync(Path.Combine(_fixture.Output("without"), "README.md"), AugmentationFixture.Token);
        card.ShouldContain("**Only real clips have bbox, mask**");
        int mirrored = summary.Records.Count(record => record.Kept && record.Parameters.ContainsKey("laterality"));
        mirrored.ShouldBeInRange(1, summary.Kept);
        card.ShouldContain($"**{mirrored} synthetic clips are mirrored left to right**");
        summary.Records.ShouldAllBe(record => record.Parameters.ContainsKey("laterality") == record.Parameters.ContainsKey("flip_horizontal"));
    }

    [Theory]
    [InlineData("others", "others", "scripted (aaaaaaaaaaaa, with the adapter mine) was trained on none of the 4 validation and test clips or their patients.")]
    [InlineData("others", "everybody", "**scripted (aaaaaaaaaaaa, with the adapter mine) was trained on 4 of the 4 validation and test clips")]
    [InlineData("unknown", "everybody", "**scripted (aaaaaaaaaaaa, with the adapter mine) was trained on 4 of the 4 validation and test clips")]
    [InlineData("others", "unknown", "**What scripted (aaaaaaaaaaaa, with the adapter mine) was trained on is not known")]
    [InlineData("unknown", "others", "**What scripted (aaaaaaaaaaaa, with the adapter mine) was trained on is not known")]
    public async Task RunAsync_WithAnAdapterFromElsewhere_SaysWhetherModelOrAdapterHasSeenWhatIsHeldOut(string byModel, string byAdapter, string expected)
    {
        await _fixture.WriteDataAsync();

        await _fixture.RunAsync(
            "out", AugmentationFixture.Small("""
            "balance": { "add_per_class": 1 }, "methods": [{ "type": "prompted", "options": { "adapter": "mine" } }]
            """), model: _fixture.Model.Description with { TrainingData = Data(byModel) }, adapterData: (name, _) => Task.FromResult(name == "mine" ? Data(byAdapter) : null));

        (await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token)).ShouldContain(expected);

        static TrainingData? Data(string seen) => seen == "unknown" ? null : TrainingData.Of(
            (seen == "everybody" ? Enumerable.Range(1, 4).SelectMany(i => new[] { $"pa{i}", $"pb{i}" }) : ["somebody"]).Select((patient, i) => ($"{i:x64}", (string?)patient)));
    }

    [Fact]
    public async Task RunAsync_ToWebDataset_GivesShardsThatCanBeReadAsData()
    {
        await _fixture.WriteDataAsync();
        await _fixture.RunAsync("out", AugmentationFixture.Small("""
            "balance": { "add_per_class": 2 }, "output": { "format": "webdataset" }
            """));
        string shards = Directory.CreateDirectory(_fixture.Output("shards")).FullName;
        foreach (string shard in Directory.EnumerateFiles(_fixture.Output("out"), "*.tar"))
        {
            File.Copy(shard, Path.Combine(shards, Path.GetFileName(shard)));
        }

        IReadOnlyList<DatasetItem> items = DatasetFolder.Read(await DatasetSource.OpenAsync(shards, _fixture.Output("unpacked"), AugmentationFixture.Token));

        items.Count.ShouldBe(12);
        items.Count(item => item.Columns["synthetic"] == "True" && item.Split == DatasetSplit.Train).ShouldBe(4);
    }

    private sealed class Spy(IDatasetAugmenter inner, Action<AugmentationRequest> look) : IDatasetAugmenter
    {
        public AugmenterDescription Describe() => inner.Describe();

        public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken) => inner.ValidateAsync(method, cancellationToken);

        public IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken)
        {
            look(request);
            return inner.AugmentAsync(request, cancellationToken);
        }
    }

    private sealed class FullDisk(IVideoWriter inner, int after) : IVideoWriter
    {
        private int _written;

        public Task<long> WriteAsync(string path, IAsyncEnumerable<VideoFrame> frames, VideoEncoding encoding, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _written) > after
                ? throw new ResourceExhaustedException("DISK_FULL", "The disk is full.")
                : inner.WriteAsync(path, frames, encoding, cancellationToken);
    }
}
