using MedGen.Sdk.Errors;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Files;
using MedGen.Datasets.Writing;

namespace MedGen.Datasets.Tests.Augmentation;

/// <summary>A run within an allowed folder, with links that lead out of it.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly AugmentationFixture _fixture = new();
    private readonly string _elsewhere = Directory.CreateTempSubdirectory("medgen-elsewhere-").FullName;

    public void Dispose()
    {
        _fixture.Dispose();
        Directory.Delete(_elsewhere, recursive: true);
    }

    [Theory]
    [InlineData("a1.mp4")]
    [InlineData("metadata.csv")]
    public async Task RunAsync_FileOfTheDataSetIsALinkOut_IsRefused(string name)
    {
        await _fixture.WriteDataAsync();
        MoveOut(Path.Combine(_fixture.Data, name));

        string message = (await Should.ThrowAsync<AccessDeniedException>(() => RunAsync("out"))).Message;

        message.ShouldStartWith("data_folder: ");
        message.ShouldContain(name);
        Directory.Exists(_fixture.Output("out")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("data/heart")]
    [InlineData("data")]
    public async Task RunAsync_FolderOfTheDataSetIsALinkOut_IsRefused(string name)
    {
        Directory.CreateDirectory(Path.Combine(_fixture.Data, "heart"));
        Directory.CreateDirectory(Path.Combine(_fixture.Data, "lung"));
        await _fixture.WriteClipAsync(Path.Combine(_fixture.Data, "heart", "1.mp4"), 1);
        await _fixture.WriteClipAsync(Path.Combine(_fixture.Data, "lung", "2.mp4"), 2);
        MoveOut(_fixture.Output(name));

        (await Should.ThrowAsync<AccessDeniedException>(() => RunAsync("out"))).Message.ShouldStartWith("data_folder: ");
    }

    [Fact]
    public async Task RunAsync_ArchiveIsALinkOut_IsRefused()
    {
        await _fixture.WriteDataAsync();
        string shards = _fixture.Output("shards");
        Directory.CreateDirectory(shards);
        await DatasetTar.PackAsync(_fixture.Data, Path.Combine(shards, "set.tar"), AugmentationFixture.Token);
        MoveOut(Path.Combine(shards, "set.tar"));

        string message = (await Should.ThrowAsync<AccessDeniedException>(() => RunAsync("out", data: shards))).Message;

        message.ShouldStartWith("data_folder: ");
        message.ShouldContain("set.tar");
    }

    [Fact]
    public async Task RunAsync_OutputIsALinkOut_IsRefusedAndNothingIsWrittenThere()
    {
        await _fixture.WriteDataAsync();
        File.CreateSymbolicLink(_fixture.Output("link"), _elsewhere);

        (await Should.ThrowAsync<AccessDeniedException>(() => RunAsync("link/new"))).Message.ShouldStartWith("output_folder: ");

        Directory.EnumerateFileSystemEntries(_elsewhere).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("train")]
    [InlineData("journal.jsonl")]
    [InlineData("README.md.tmp")]
    public async Task RunAsync_LinkOutInAnOutputThatIsThere_IsRefusedAndNothingIsWrittenThere(string name)
    {
        await _fixture.WriteDataAsync();
        Directory.CreateDirectory(_fixture.Output("out"));
        File.CreateSymbolicLink(Path.Combine(_fixture.Output("out"), name), Path.Combine(_elsewhere, "victim"));

        (await Should.ThrowAsync<AccessDeniedException>(() => RunAsync("out", OutputMode.Resume))).Message.ShouldStartWith("output_folder: ");

        Directory.EnumerateFileSystemEntries(_elsewhere).ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_FolderForWorkIsALinkOut_LosesTheLinkAndNothingElse()
    {
        await _fixture.WriteDataAsync();
        Directory.CreateDirectory(Path.Combine(_elsewhere, "clips"));
        await File.WriteAllTextAsync(Path.Combine(_elsewhere, "clips", "000000.rgb"), "precious", AugmentationFixture.Token);
        File.CreateSymbolicLink(_fixture.Output("out.work"), _elsewhere);
        string before = Picture();

        await RunAsync("out");

        Picture().ShouldBe(before);
        Path.Exists(_fixture.Output("out.work")).ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_LinksThatStayInside_AreFollowed()
    {
        await _fixture.WriteDataAsync();
        string clip = Path.Combine(_fixture.Data, "a1.mp4");
        File.Move(clip, _fixture.Output("kept.mp4"));
        File.CreateSymbolicLink(clip, "../kept.mp4");
        Directory.CreateDirectory(_fixture.Output("real"));
        File.CreateSymbolicLink(_fixture.Output("results"), "real");

        await RunAsync("results/out");

        File.Exists(_fixture.Output("real/out/README.md")).ShouldBeTrue();
        File.ReadAllBytes(Directory.GetFiles(_fixture.Output("real/out"), "a1.mp4", SearchOption.AllDirectories).Single()).ShouldBe(File.ReadAllBytes(_fixture.Output("kept.mp4")));
    }

    private Task<AugmentationSummary> RunAsync(string output, OutputMode mode = OutputMode.New, string? data = null) =>
        _fixture.RunAsync(output, AugmentationFixture.Small("""
            "balance": { "add_per_class": 1 }
            """), mode, data: data, scope: PathScope.Within([_fixture.Root]));

    private void MoveOut(string path)
    {
        string target = Path.Combine(_elsewhere, Path.GetFileName(path));
        Directory.Move(path, target);
        File.CreateSymbolicLink(path, target);
    }

    private string Picture() => string.Join('\n', new DirectoryInfo(_elsewhere).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .OrderBy(entry => entry.FullName, StringComparer.Ordinal).Select(entry => $"{entry.FullName} {entry.LastWriteTimeUtc:O}"));
}
