using System.Diagnostics;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Tests.Augmentation;

/// <summary>Augmentation of films as they are, by ffmpeg.</summary>
public sealed class EncodedAugmentationTests : IDisposable
{
    private readonly AugmentationFixture _fixture = new(isEncoded: true);

    public void Dispose() => _fixture.Dispose();

    [Fact, Long]
    public async Task RunAsync_OfTheSampleSet_FillsEveryClassWithMarkedClipsOfTrainingPatients()
    {
        AugmentationSummary summary = await _fixture.RunAsync("out", AugmentationSpecReader.Parse("""{ "balance": { "per_class": 8 } }"""), data: RepositoryRoot.Path("samples", "datasets", "lung"));

        summary.Targets.ShouldAllBe(target => target.Real + summary.Records.Count(record => record.Kept && record.Class == target.Name) == 8);
        HashSet<string> training = [.. summary.Items.Where(item => item.Split == DatasetSplit.Train).Select(item => item.FileName)];
        summary.Records.SelectMany(record => record.DerivedFrom).ShouldAllBe(name => training.Contains(name));
        ClipRecord one = summary.Records.First(record => record.Kept);
        string file = Path.Combine(_fixture.Output("out"), one.FileName!);
        (await CommentOfAsync(file)).ShouldContain($"an altered recording of a patient, not the recording itself; provenance=altered:{one.FramesSha256[..32]}");

        // The folder is a data set itself: all of it can be read, and no patient is in two splits.
        IReadOnlyList<DatasetItem> written = DatasetFolder.Read(_fixture.Output("out"));
        (await ClipDecoding.ReadAsync(_fixture.Reader, file, new ClipShape { Width = 128, Height = 128, NumFrames = 17, FramesPerSecond = 8 }, AugmentationFixture.Token)).ShouldNotBeNull();
        written.Count.ShouldBe(9 + summary.Kept);
        written.Where(item => item.Columns["source"] == "synthetic").ShouldAllBe(item => item.Split == DatasetSplit.Train && item.Attribution != null);

        // `datasets` takes the columns from a list in the folder of each split.
        foreach (IGrouping<DatasetSplit, DatasetItem> split in written.GroupBy(item => item.Split))
        {
            string folder = Path.Combine(_fixture.Output("out"), split.Key.ToString().ToLowerInvariant());
            DatasetFolder.Read(folder).Select(item => (item.FullPath, item.Label, item.Columns["source"]))
                .ShouldBe(split.Select(item => (item.FullPath, item.Label, item.Columns["source"])));
        }

        string card = await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token);
        card.ShouldContain("Testa et al., Crit Care 2012");
        card.ShouldStartWith("---\nlicense: other\n");
        File.Exists(Path.Combine(_fixture.Output("out"), "nearest.png")).ShouldBeTrue();
    }

    [Fact]
    public async Task RunAsync_OfClipsOfManySizesAndRates_BringsThemToOneShape()
    {
        Directory.CreateDirectory(Path.Combine(_fixture.Data, "a"));
        for (int i = 0; i < 4; i++)
        {
            await _fixture.WriteClipAsync(Path.Combine(_fixture.Data, "a", $"{i}.mp4"), i, side: 24 + (8 * i), frames: 20, fps: 10 + (5 * i));
        }

        AugmentationSummary summary = await _fixture.RunAsync("out", AugmentationFixture.Small("""
            "no_groups": true, "balance": { "ratio": 1 }, "output": { "format": "png" }
            """));

        summary.Unreadable.ShouldBeEmpty();
        string[] files = Directory.GetFiles(Path.Combine(_fixture.Output("out"), summary.Records.First(record => record.Kept).FileName!));
        files.Select(Path.GetFileName).Order().ShouldBe(["000000.png", "000001.png", "000002.png", "000003.png", "000004.png"]);
        (await _fixture.Reader.OpenAsync(files[0], AugmentationFixture.Token)).Info.Width.ShouldBe(32);
    }

    private static async Task<string> CommentOfAsync(string file)
    {
        using Process probe = Process.Start(new ProcessStartInfo("ffprobe", ["-v", "error", "-show_entries", "format_tags", file]) { RedirectStandardOutput = true })!;
        string text = await probe.StandardOutput.ReadToEndAsync(AugmentationFixture.Token);
        await probe.WaitForExitAsync(AugmentationFixture.Token);
        return text;
    }
}
