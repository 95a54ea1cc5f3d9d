using MedGen.Curation.Specifications;
using MedGen.Curation.Writing;
using MedGen.Datasets.Reading;
using Parquet;
using Parquet.Schema;

namespace MedGen.Curation.Tests.Writing;

/// <summary>A curated data set in the forms that other programs read.</summary>
public sealed class ClipShardsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-shards-").FullName;

    public ClipShardsTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "clips"));
        foreach (string name in new[] { "a", "b" })
        {
            File.WriteAllText(Path.Combine(_folder, "clips", $"{name}.mp4"), $"the film {name}");
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, object>[] Lines =>
    [
        new() { ["file_name"] = "clips/a.mp4", ["split"] = "train", ["caption"] = "Lungs, moving.", ["bitrate"] = 8000L, ["fps"] = 12.5, ["label"] = "US", ["patient_id"] = "p1" },
        new() { ["file_name"] = "clips/b.mp4", ["split"] = "test", ["caption"] = "A ward.", ["bitrate"] = 9000L, ["fps"] = 25.0, ["dover"] = 0.5, ["patient_id"] = "p2" },
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WebDataset_IsReadBackWithCaptionsAndSplits()
    {
        File.WriteAllText(Path.Combine(_folder, "train-000001.tar"), "of an earlier run");

        await ClipShards.WriteAsync(_folder, CurationFormat.Webdataset, Lines, Token);

        Directory.GetFiles(_folder, "*.tar").Select(Path.GetFileName).Order().ShouldBe(["test-000000.tar", "train-000000.tar"]);
        string back = Path.Combine(_folder, "back");
        DatasetItem item = DatasetFolder.Read(await DatasetSource.OpenAsync(Path.Combine(_folder, "train-000000.tar"), back, Token)).ShouldHaveSingleItem();
        (item.Label, item.Caption, item.PatientId).ShouldBe(("US", "Lungs, moving.", "p1"));
        File.ReadAllText(item.FullPath).ShouldBe("the film a");
    }

    [Fact]
    public async Task Parquet_HasTheVideosAndTypedColumnsOfAllLines()
    {
        await ClipShards.WriteAsync(_folder, CurationFormat.Parquet, Lines, Token);

        using FileStream file = File.OpenRead(Path.Combine(_folder, "data", "test-00000-of-00001.parquet"));
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, cancellationToken: Token);
        DataField[] fields = reader.Schema.GetDataFields();
        fields.Select(field => field.Name).ShouldBe(["bytes", "path", "file_name", "split", "caption", "bitrate", "fps", "label", "patient_id", "dover"]);
        (fields[5].ClrType, fields[6].ClrType, fields[9].ClrType).ShouldBe((typeof(long), typeof(double), typeof(double)));
        reader.CustomMetadata["huggingface"].ShouldContain("\"_type\":\"Video\"");
    }

    [Fact]
    public async Task Folder_WritesNothingBeside()
    {
        await ClipShards.WriteAsync(_folder, CurationFormat.Folder, Lines, Token);

        Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).ShouldBe(["clips"]);
    }
}
