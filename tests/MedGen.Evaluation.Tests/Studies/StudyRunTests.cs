using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Evaluation.Studies;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Evaluation.Tests.Studies;

public sealed class StudyRunTests
{
    [Fact, Long]
    public async Task RunAsync_WithAnArmThatHasNoClip_LeavesItOutAndSaysSo()
    {
        StudySpec spec = await ReadAsync("""
            { "name": "s", "clip": { "width": 32, "height": 32, "num_frames": 3, "frames_per_second": 8 }, "fractions": [1], "seeds": 3, "steps": 20, "resamples": 200,
              "pools": { "empty": { "balance": { "ratio": 1 } } },
              "arms": [{ "name": "real" }, { "name": "alone", "real": false, "pools": { "empty": 1 } }, { "name": "both", "pools": { "empty": 1 } }] }
            """);
        IReadOnlyList<DatasetItem> items = StudyRun.Split(spec, RepositoryRoot.Path("samples", "datasets", "lung"));
        await using ServiceProvider services = new ServiceCollection().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();

        StudyReport report = await new StudyRun(services.GetRequiredService<IVideoReader>()).RunAsync(
            spec, new StudyInputs { Items = items, Pools = new Dictionary<string, IReadOnlyList<DatasetItem>> { ["empty"] = [] } }, (_, _) => { }, TestContext.Current.CancellationToken);

        report.Results.Select(result => result.Arm).ShouldBe(["real", "both"]);
        report.LeftOut.ShouldBe([new LeftOutArm("alone", 1)]);
        StudyPages.Verdicts(report)[^1].ShouldStartWith("alone, 100 % of the patients: left out");
    }

    [Fact, Long]
    public async Task RunAsync_WithClipsOfAnotherSource_MeasuresEveryTrainingOnThemWithoutChangingAnythingElse()
    {
        StudySpec spec = await ReadAsync("""
            { "name": "s", "clip": { "width": 32, "height": 32, "num_frames": 3, "frames_per_second": 8 }, "fractions": [1], "seeds": 3, "steps": 20, "resamples": 200,
              "features": "pretrained", "arms": [{ "name": "real" }, { "name": "more", "oversample": true }] }
            """);
        IReadOnlyList<DatasetItem> all = StudyRun.Split(spec, RepositoryRoot.Path("samples", "datasets", "lung"));
        DatasetItem[] kept = [.. all.Where(item => item.Split != DatasetSplit.Validation)];
        DatasetItem[] external = [.. StudyRun.ReadExternal(spec, RepositoryRoot.Path("samples", "datasets", "lung")).Where(item => !kept.Any(own => own.FileName == item.FileName))];
        await using ServiceProvider services = new ServiceCollection().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();
        StudyTools tools = new() { ModalityWeights = RepositoryRoot.Path("plugins", "ImagingModality", "weights", "modality.safetensors") };
        StudyRun run = new(services.GetRequiredService<IVideoReader>(), tools);

        StudyReport alone = await run.RunAsync(spec, new StudyInputs { Items = kept }, (_, _) => { }, TestContext.Current.CancellationToken);
        StudyReport report = await run.RunAsync(spec, new StudyInputs { Items = kept, External = external }, (_, _) => { }, TestContext.Current.CancellationToken);

        external.Length.ShouldBeGreaterThan(0);
        alone.External.ShouldBeNull();
        report.Results.Select(result => result.Scores!.BalancedAccuracy).ShouldBe(alone.Results.Select(result => result.Scores!.BalancedAccuracy));
        report.External!.Results.Select(result => result.Arm).ShouldBe(["real", "more"]);
        report.Predictions.Count(one => one.Set == "external").ShouldBe(2 * 3 * external.Length);
        report.Classifier.ShouldContain("frozen ImageNet features");
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => run.RunAsync(
            spec, new StudyInputs { Items = all, External = external }, (_, _) => { }, TestContext.Current.CancellationToken));
        error.Message.ShouldContain("are the same file under two patients");
    }

    [Fact]
    public async Task RunAsync_OneFileUnderTwoPatients_IsRefusedByName()
    {
        StudySpec spec = await ReadAsync("""
            { "name": "s", "clip": { "width": 32, "height": 32, "num_frames": 3, "frames_per_second": 8 }, "fractions": [1], "seeds": 3, "steps": 20, "resamples": 200,
              "pools": { }, "arms": [{ "name": "real" }, { "name": "more", "oversample": true }] }
            """);
        IReadOnlyList<DatasetItem> items = StudyRun.Split(spec, RepositoryRoot.Path("samples", "datasets", "lung"));
        DatasetItem train = items.First(item => item.Split == DatasetSplit.Train);
        DatasetItem copy = train with { PatientId = "another", Split = DatasetSplit.Test };
        await using ServiceProvider services = new ServiceCollection().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => new StudyRun(services.GetRequiredService<IVideoReader>()).RunAsync(
            spec, new StudyInputs { Items = [.. items, copy] }, (_, _) => { }, TestContext.Current.CancellationToken));

        error.Message.ShouldContain("are the same file under two patients");
    }

    private static async Task<StudySpec> ReadAsync(string json)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        try
        {
            return StudySpecReader.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
