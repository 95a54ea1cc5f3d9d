using MedGen.Datasets.Running;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Tests.Augmentation;

namespace MedGen.Datasets.Tests.Adapters;

public sealed class AdaptedRunTests : IDisposable
{
    private readonly AugmentationFixture _fixture = new();
    private readonly ScriptedTrainer _trainer = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_Adapted_TrainsOnTheTrainingSplitAndOnNothingElse()
    {
        await _fixture.WriteDataAsync(
            ("t1.mp4", "a", "p1", "train"), ("t2.mp4", "b", "p2", "train"), ("v1.mp4", "a", "p3", "val"), ("v2.mp4", "b", "p4", "val"), ("e1.mp4", "a", "p5", "test"), ("e2.mp4", "b", "p6", "test"));

        List<AugmentationStatus> told = [];
        AugmentationSummary summary = await _fixture.RunAsync("out", Spec(""" "prompts": ["{caption}", "Only {label}."], "train_steps": 7, "rank": 3 """), trainer: _trainer, told: told);

        AdapterTrainingTask task = _trainer.Tasks.ShouldHaveSingleItem();
        task.Clips.Select(clip => clip.Clip.Id).ShouldBe(["t1.mp4", "t2.mp4"]);
        task.Clips.Select(clip => string.Join('|', clip.Captions)).ShouldBe(["A a clip|Only a.", "A b clip|Only b."]);
        (task.Training.Steps, task.Training.Rank).ShouldBe((7, 3));
        _fixture.Model.Requests.ShouldAllBe(request => request.Wan.Adapter == task.Name);
        AdapterRecord record = summary.Adapters.ShouldHaveSingleItem();
        record.Patients.ShouldBe(["p1", "p2"]);
        Directory.Exists(task.WorkFolder).ShouldBeFalse();
        told.Where(status => status.Stage == AugmentationStage.Training).ShouldNotBeEmpty();
        told.Where(status => status.Stage == AugmentationStage.Training).ShouldAllBe(status => status.Total == 7);
        summary.Records.ShouldAllBe(made => made.Adapter == task.Name && made.AdapterSha256 == $"sha of {task.Name}");
        DatasetFolder.Read(_fixture.Output("out")).Where(item => item.Columns["source"] == "synthetic").ShouldAllBe(item => item.Columns["adapter"] == task.Name && item.Columns["adapter_sha256"].Length > 0);
        string card = await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token);
        card.ShouldContain($"| {task.Name} | the data set | 2 | 2 | 7 | 3 | 0.5000 | 0.2500 | aaaaaaaaaaaa | {record.Sha256} |");
    }

    [Fact]
    public async Task RunAsync_AdaptedPerClass_GivesEachClassItsOwnAdapter()
    {
        await _fixture.WriteDataAsync();

        AugmentationSummary summary = await _fixture.RunAsync("out", Spec(""" "per": "class" """), trainer: _trainer);

        _trainer.Tasks.Count.ShouldBe(2);
        _trainer.Tasks.ShouldAllBe(task => task.Clips.Select(clip => clip.Clip.Label).Distinct().Count() == 1);
        foreach (AdapterRecord adapter in summary.Adapters)
        {
            summary.Records.Where(record => record.Class == adapter.Class).ShouldAllBe(record => record.Adapter == adapter.Name);
        }
    }

    [Fact]
    [Long]
    public async Task RunAsync_AfterABrokenTraining_GoesOnWithItAndThenTrainsNoMore()
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = Spec(""" "train_steps": 5 """);
        _trainer.BreaksAfter = 3;
        await Should.ThrowAsync<OperationCanceledException>(() => _fixture.RunAsync("out", spec, trainer: _trainer));

        _trainer.BreaksAfter = null;
        List<AugmentationStatus> told = [];
        await _fixture.RunAsync("out", spec, OutputMode.Resume, trainer: _trainer, told: told);
        await _fixture.RunAsync("out", spec, OutputMode.Resume, trainer: _trainer);

        _trainer.Tasks.Count.ShouldBe(2);
        told.Where(status => status.Stage == AugmentationStage.Training).Select(status => status.Done).Min().ShouldBeGreaterThan(3);
    }

    [Fact]
    [Long]
    public async Task RunAsync_OfTheSameDataTwice_NamesTheSameAdapterAndAnotherForAnotherSeed()
    {
        await _fixture.WriteDataAsync(("t1.mp4", "a", "p1", "train"), ("t2.mp4", "a", "p2", "train"), ("e.mp4", "a", "p4", "test"));
        AugmentationSpec spec = Spec("");

        string[] names =
        [
            .. new[] { await Name("one", spec), await Name("two", spec), await Name("three", spec with { Seed = 2 }) },
        ];

        names[1].ShouldBe(names[0]);
        names[2].ShouldNotBe(names[0]);

        async Task<string> Name(string output, AugmentationSpec asked) => (await _fixture.RunAsync(output, asked, trainer: _trainer)).Adapters[0].Name;
    }

    [Fact]
    public async Task RunAsync_WithAnAdapterOfAnotherModelOrAChangedFile_SaysWhatDiffers()
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = Spec("");
        AdapterRecord adapter = (await _fixture.RunAsync("out", spec, trainer: _trainer)).Adapters[0];

        _trainer.ModelHash = new string('b', 64);
        InvalidInputException other = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", spec, OutputMode.Resume, trainer: _trainer));
        _trainer.ModelHash = new string('a', 64);
        await File.AppendAllTextAsync(Path.Combine(_fixture.Output("out"), "adapters", $"{adapter.Name}.safetensors"), "x", AugmentationFixture.Token);
        InvalidInputException changed = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", spec, OutputMode.Resume, trainer: _trainer));

        other.Message.ShouldContain("another model (aaaaaaaaaaaa, now bbbbbbbbbbbb)");
        changed.Message.ShouldContain("was changed since it was trained");
    }

    [Fact]
    public async Task RunAsync_WithoutATrainer_NamesTheMethodAndTheWaysOut()
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", Spec("")));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("methods[0].type");
        error.Message.ShouldContain("'medgen augment' without --host");
        error.Message.ShouldContain("'medgen train'");
    }

    [Theory]
    [InlineData(""" "per": "patient" """, "methods[0].options.per")]
    [InlineData(""" "train_steps": 0 """, "methods[0].options.train_steps")]
    [InlineData(""" "rank": 1000 """, "methods[0].options.rank")]
    [InlineData(""" "learning_rate": 2 """, "methods[0].options.learning_rate")]
    [InlineData(""" "batch_size": 0 """, "methods[0].options.batch_size")]
    [InlineData(""" "adapter_scale": 5 """, "methods[0].options.adapter_scale")]
    [InlineData(""" "adapter": "mine" """, "methods[0].options.adapter")]
    [InlineData(""" "strength_from": 0.5 """, "methods[0].options.strength_to")]
    [InlineData(""" "strength_to": 0.5 """, "methods[0].options.strength_from")]
    [InlineData(""" "strength_from": 0.9, "strength_to": 0.5 """, "methods[0].options.strength_to")]
    public async Task CheckMethods_OptionsOutOfRange_NamesThem(string options, string field)
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => AugmentationMethods.CheckAsync(Spec(options), _fixture.Augmenter, _trainer, AugmentationFixture.Token));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Fact]
    public async Task CheckMethods_AtASizeThatCannotBeTrained_NamesTheSide()
    {
        AugmentationSpec spec = Spec("");
        _trainer.OnlyWidth = spec.Clip.Width;
        await AugmentationMethods.CheckAsync(spec, _fixture.Augmenter, _trainer, AugmentationFixture.Token);

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => AugmentationMethods.CheckAsync(spec with { Clip = spec.Clip with { Width = 40 } }, _fixture.Augmenter, _trainer, AugmentationFixture.Token));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("clip.width");
        error.Message.ShouldContain($"got 40; allowed: {spec.Clip.Width}. methods[0] trains an adapter of the model at this shape.");
    }

    [Fact]
    public async Task RunAsync_AdaptedWithStrengths_StartsFromClipsAndIsJudgedAsGenerated()
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = Spec(""" "strength_from": 0.3, "strength_to": 0.6 """) with { MaxAttempts = 1 };

        AugmentationSummary summary = await _fixture.RunAsync("out", spec, trainer: _trainer);

        // The scripted model gives its source back: nothing could be nearer to a training clip.
        _fixture.Model.Requests.ShouldAllBe(request => request.SourceFrames != null && request.Strength >= 0.3 && request.Strength <= 0.6);
        summary.Records.ShouldAllBe(record => !record.Kept && record.RejectReason!.StartsWith("privacy:") && record.DerivedFrom.Count == 1);
    }

    [Theory]
    [InlineData("prompted")]
    [InlineData("variation")]
    public async Task RunAsync_WithANamedAdapter_MakesEveryClipWithIt(string method)
    {
        await _fixture.WriteDataAsync();
        AugmentationSpec spec = AugmentationFixture.Small($$"""
            "balance": { "add_per_class": 1 }, "methods": [{ "type": "{{method}}", "options": { "adapter": "mine", "adapter_scale": 0.5 } }], "max_attempts": 1
            """);

        AugmentationSummary summary = await _fixture.RunAsync("out", spec);

        _fixture.Model.Requests.ShouldNotBeEmpty();
        _fixture.Model.Requests.ShouldAllBe(request => request.Wan.Adapter == "mine" && request.Wan.AdapterScale == 0.5);
        summary.Records.ShouldAllBe(record => record.Adapter == "mine" && record.AdapterSha256 == "sha of mine" && record.Parameters["adapter_scale"] == "0.5");
        summary.Adapters.ShouldBeEmpty();
    }

    private static AugmentationSpec Spec(string options) => AugmentationFixture.Small($$"""
        "balance": { "add_per_class": 2 }, "methods": [{ "type": "adapted", "options": { {{options}} } }],
        "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false } }
        """);
}
