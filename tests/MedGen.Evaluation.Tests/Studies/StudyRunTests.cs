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
            spec, items, new Dictionary<string, IReadOnlyList<DatasetItem>> { ["empty"] = [] }, [], (_, _) => { }, TestContext.Current.CancellationToken);

        report.Results.Select(result => result.Arm).ShouldBe(["real", "both"]);
        report.LeftOut.ShouldBe([new LeftOutArm("alone", 1)]);
        StudyPages.Verdicts(report)[^1].ShouldStartWith("alone, 100 % of the patients: left out");
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
            spec, [.. items, copy], new Dictionary<string, IReadOnlyList<DatasetItem>>(), [], (_, _) => { }, TestContext.Current.CancellationToken));

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
