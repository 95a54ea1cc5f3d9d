using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media;
using MedGen.Training.Procedures;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Training.Tests.Procedures;

public sealed class ProcedureDatasetWriterTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("medgen-procedures-").FullName, "set");
    private readonly ServiceProvider _services = new ServiceCollection().AddMedGenMedia().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public async Task WriteAsync_WithVideos_WritesTheLayoutOfCholec80WithAsManyFramesAsLabels()
    {
        ProcedureDatasetOptions options = new() { OutputFolder = _folder, Count = 2, Seed = 3, FramesPerSecond = 2, Size = 32, DurationScale = 0.02, Videos = true };

        IReadOnlyList<ProcedureRecord> records = await Writer().WriteAsync(options, null, TestContext.Current.CancellationToken);

        records.Count.ShouldBe(2);
        File.ReadAllLines(Path.Combine(_folder, "procedures.jsonl")).Length.ShouldBe(2);
        foreach (ProcedureRecord record in records)
        {
            string[] phases = File.ReadAllLines(Path.Combine(_folder, "phase_annotations", $"{record.Name}-phase.txt"));
            string[] tools = File.ReadAllLines(Path.Combine(_folder, "tool_annotations", $"{record.Name}-tool.txt"));
            phases.Length.ShouldBe(1 + (25 * record.Seconds));
            tools.Length.ShouldBe(1 + record.Seconds);
            record.Frames.ShouldBe(2 * record.Seconds);
            IVideoClip video = await _services.GetRequiredService<IVideoReader>().OpenAsync(
                Path.Combine(_folder, "videos", $"{record.Name}.mp4"), TestContext.Current.CancellationToken);
            video.Info.Width.ShouldBe(32);
            video.Info.Duration!.Value.TotalSeconds.ShouldBe(record.Seconds, tolerance: 0.01);
        }
    }

    [Fact]
    public async Task WriteAsync_WithoutVideos_WritesLabelsOnly()
    {
        await Writer().WriteAsync(new ProcedureDatasetOptions { OutputFolder = _folder, DurationScale = 0.02 }, null, TestContext.Current.CancellationToken);

        Directory.Exists(Path.Combine(_folder, "videos")).ShouldBeFalse();
        File.Exists(Path.Combine(_folder, "phase_annotations", "video01-phase.txt")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("count", "0")]
    [InlineData("fps", "26")]
    [InlineData("appearance", "real")]
    [InlineData("duration_scale", "9")]
    [InlineData("width", "16")]
    public async Task WriteAsync_BadOption_NamesItAndWritesNothing(string field, string value)
    {
        double number = double.TryParse(value, CultureInfo.InvariantCulture, out double parsed) ? parsed : 0;
        ProcedureDatasetOptions good = new() { OutputFolder = _folder };
        ProcedureDatasetOptions bad = field switch
        {
            "count" => good with { Count = (int)number },
            "fps" => good with { FramesPerSecond = number },
            "appearance" => good with { Appearance = value },
            "duration_scale" => good with { DurationScale = number },
            _ => good with { Size = (int)number },
        };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => Writer().WriteAsync(bad, null, TestContext.Current.CancellationToken));

        error.Violations[0].Field.ShouldBe(field);
        error.Violations[0].Description.ShouldContain(value);
        Directory.Exists(_folder).ShouldBeFalse();
    }

    [Fact]
    public async Task WriteAsync_FolderWithContent_IsRefused()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "");

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => Writer().WriteAsync(new ProcedureDatasetOptions { OutputFolder = _folder }, null, TestContext.Current.CancellationToken));

        error.Violations[0].Field.ShouldBe("out");
        Directory.GetFileSystemEntries(_folder).Length.ShouldBe(1);
    }

    [Fact]
    public async Task WriteAsync_ResumeAfterAnInterruption_KeepsWhatIsFinishedAndWritesTheRest()
    {
        ProcedureDatasetOptions options = new() { OutputFolder = _folder, Count = 3, Size = 32, DurationScale = 0.02, Videos = true };
        await Writer().WriteAsync(options, null, TestContext.Current.CancellationToken);
        Dictionary<string, byte[]> whole = Files();
        string index = Path.Combine(_folder, "procedures.jsonl");
        string[] lines = File.ReadAllLines(index);
        File.WriteAllText(index, $"{lines[0]}\n{lines[1][..40]}"); // the second line torn
        File.Delete(Path.Combine(_folder, "videos", "video03.mp4"));
        DateTime kept = File.GetLastWriteTimeUtc(Path.Combine(_folder, "videos", "video01.mp4"));

        IReadOnlyList<ProcedureRecord> records = await Writer().WriteAsync(options with { Resume = true }, null, TestContext.Current.CancellationToken);

        records.Select(record => record.Name).ShouldBe(["video01", "video02", "video03"]);
        File.GetLastWriteTimeUtc(Path.Combine(_folder, "videos", "video01.mp4")).ShouldBe(kept);
        Dictionary<string, byte[]> resumed = Files();
        resumed.Keys.ShouldBe(whole.Keys, ignoreOrder: true);
        resumed.ShouldAllBe(file => file.Value.SequenceEqual(whole[file.Key]));
    }

    [Theory]
    [InlineData(2, 3, "out")]
    [InlineData(1, 1, "count")]
    public async Task WriteAsync_ResumeWithOtherOptions_IsRefusedAndChangesNothing(int seed, int count, string field)
    {
        ProcedureDatasetOptions options = new() { OutputFolder = _folder, Count = 2, DurationScale = 0.02 };
        await Writer().WriteAsync(options, null, TestContext.Current.CancellationToken);
        Dictionary<string, byte[]> before = Files();

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => Writer().WriteAsync(options with { Resume = true, Seed = seed, Count = count }, null, TestContext.Current.CancellationToken));

        error.Violations[0].Field.ShouldBe(field);
        Dictionary<string, byte[]> after = Files();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        after.ShouldAllBe(file => file.Value.SequenceEqual(before[file.Key]));
    }

    private Dictionary<string, byte[]> Files() =>
        Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(_folder, path), File.ReadAllBytes);

    private ProcedureDatasetWriter Writer() => new(_services.GetRequiredService<IVideoWriter>());
}
