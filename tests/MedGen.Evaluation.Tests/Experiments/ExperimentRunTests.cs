using System.Text.Json;
using MedGen.Evaluation.Experiments;
using MedGen.Evaluation.Tests.VBench;
using MedGen.Media;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Evaluation.Tests.Experiments;

/// <summary>Whole runs, as small as they can be.</summary>
[Collection("torch")]
[Long]
public sealed class ExperimentRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-experiment-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task CrossModal_OfTwoSentences_CountsModalityAndLabelAndWritesItsReport()
    {
        ExperimentResult result = await new CrossModalExperiment(Media()).RunAsync(Task(limit: 2), reports: null, (_, _) => { }, TestContext.Current.CancellationToken);

        (result.Prompts, result.AllPrompts).ShouldBe((2, 14));
        result.Rows.Select(row => (row.Series, row.Label)).ShouldBe(
            [("modality", "ct"), ("modality", "mr-brain"), ("anatomy or finding", "ct: head"), ("anatomy or finding", "mr-brain: no tumour")]);
        result.Rows.ShouldAllBe(row => row.Clips == 1 && row.ReferenceClips == 2);
        await CheckFilesAsync("rows.svg");
    }

    [Fact]
    public async Task Procedure_OfAPhaseAndATool_AsksBothRecognisers()
    {
        ExperimentTask task = Task(limit: 2) with { Phases = RepositoryRoot.Path("plugins", "SurgicalPhase", "weights", "phases.safetensors") };

        ExperimentResult result = await new ProcedureExperiment(Media()).RunAsync(task, (_, _) => { }, TestContext.Current.CancellationToken);

        result.Rows.Select(row => (row.Series, row.Label, row.ReferenceClips)).ShouldBe([("phase", "Preparation", 2), ("tool", "none", 2)]);
        await CheckFilesAsync("rows.svg");
    }

    [Fact]
    public async Task RareAndModalities_OfTwoKinds_CountTrainingClipsAndCompareThem()
    {
        string recipe = Path.Combine(_folder, "recipe.json");
        await File.WriteAllTextAsync(recipe, Recipe("training", seeds: 20), TestContext.Current.CancellationToken);

        ExperimentResult rare = await new RareExperiment(Media()).RunAsync(
            Task(limit: 2) with { Training = recipe }, (_, _) => { }, TestContext.Current.CancellationToken);
        ExperimentResult modalities = await new ModalityExperiment(Media()).RunAsync(
            Task(limit: 2) with { Output = Path.Combine(_folder, "modalities") }, (_, _) => { }, TestContext.Current.CancellationToken);

        rare.Rows.Select(row => row.Label.Split(':')[0]).Distinct().ShouldBe(["ct", "us-lung"], ignoreOrder: true);
        rare.Rows.ShouldAllBe(row => row.TrainedOn > 0);
        modalities.Figures.Count.ShouldBe(2);
        modalities.Figures.ShouldAllBe(one => one.Discrepancy > 0 && one.ReferenceMotion.Energy > 0);
    }

    [Fact]
    public async Task DataSize_OfTwoRecipes_TrainsBothOnceAndSortsThemBySize()
    {
        string[] recipes = ["large", "small"];
        foreach ((string name, int seeds) in recipes.Zip([6, 3]))
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"{name}.json"), Recipe(name, seeds), TestContext.Current.CancellationToken);
        }

        string[] paths = [.. recipes.Select(name => Path.Combine(_folder, $"{name}.json"))];
        DataSizeExperiment experiment = new(TestClips.Media.GetRequiredService<IVideoReader>());
        IReadOnlyList<DataSizeRow> rows = await experiment.RunAsync(paths, Output, limit: 1, (_, _) => { }, TestContext.Current.CancellationToken);
        IReadOnlyList<DataSizeRow> again = await experiment.RunAsync(paths, Output, limit: 1, (_, _) => { }, TestContext.Current.CancellationToken);

        rows.Select(row => (row.Recipe, row.Steps)).ShouldBe([("small", 1), ("large", 1)]);
        rows[0].Clips.ShouldBeLessThan(rows[1].Clips);
        rows.ShouldAllBe(row => double.IsFinite(row.Loss));
        again.ShouldBe(rows);
        await CheckFilesAsync("sizes.svg");
        (await Should.ThrowAsync<InvalidInputException>(experiment.RunAsync(paths[..1], Output, limit: 1, (_, _) => { }, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("two or more");
    }

    private string Output => Path.Combine(_folder, "out");

    private static ExperimentMedia Media() =>
        new(TestClips.Media.GetRequiredService<IVideoReader>(), TestClips.Media.GetRequiredService<IVideoWriter>());

    private static string Recipe(string name, int seeds) => $$"""
        { "name": "{{name}}", "base": "{{Fixtures.TinyModel}}",
          "data": [ { "name": "phantoms", "type": "phantoms", "kinds": ["us-lung", "ct"], "seeds": {{seeds}}, "held_out_fraction": 0.3 } ],
          "runs": [ { "kind": "lora", "lora": {}, "validation_clips": 1,
            "stages": [ { "name": "clips", "steps": 3, "batch": 1, "width": 64, "height": 64, "num_frames": 5, "mix": { "phantoms": 1 } } ] } ] }
        """;

    private ExperimentTask Task(int limit) => new()
    {
        Model = RepositoryRoot.Path("models", "medgen-mini"), Output = Output, Judge = RepositoryRoot.Path("models", "modality-judge", "modality.safetensors"),
        Limit = limit, Steps = 1, References = 2,
    };

    private async Task CheckFilesAsync(string picture)
    {
        (await File.ReadAllTextAsync(Path.Combine(Output, "EXPERIMENT.md"), TestContext.Current.CancellationToken)).ShouldContain(picture);
        (await File.ReadAllTextAsync(Path.Combine(Output, "experiment.html"), TestContext.Current.CancellationToken)).ShouldContain("<svg");
        JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Output, "experiment.json"), TestContext.Current.CancellationToken)).Dispose();
    }
}
