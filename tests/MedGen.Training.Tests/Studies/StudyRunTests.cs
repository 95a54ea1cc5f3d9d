using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Training.Studies;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Training.Tests.Studies;

public sealed class StudyRunTests
{
    [Fact]
    public async Task RunAsync_WithAnArmThatHasNoClip_LeavesItOutAndSaysSo()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            """
            { "name": "s", "clip": { "width": 32, "height": 32, "frames": 3, "fps": 8 }, "fractions": [1], "seeds": 3, "steps": 20, "resamples": 200,
              "pools": { "empty": { "balance": { "ratio": 1 } } },
              "arms": [{ "name": "real" }, { "name": "alone", "real": false, "pools": { "empty": 1 } }, { "name": "both", "pools": { "empty": 1 } }] }
            """,
            TestContext.Current.CancellationToken);
        StudySpec spec = StudySpecReader.Read(file);
        File.Delete(file);
        IReadOnlyList<DatasetItem> items = StudyRun.Divide(spec, RepositoryRoot.Path("samples", "datasets", "lung"));
        await using ServiceProvider services = new ServiceCollection().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();

        StudyReport report = await new StudyRun(services.GetRequiredService<IVideoReader>()).RunAsync(
            spec, items, new Dictionary<string, IReadOnlyList<DatasetItem>> { ["empty"] = [] }, [], (_, _) => { }, TestContext.Current.CancellationToken);

        report.Results.Select(result => result.Arm).ShouldBe(["real", "both"]);
        report.LeftOut.ShouldBe([new LeftOutArm("alone", 1)]);
        StudyPages.Verdicts(report)[^1].ShouldStartWith("alone, 100 % of the patients: left out");
    }
}
