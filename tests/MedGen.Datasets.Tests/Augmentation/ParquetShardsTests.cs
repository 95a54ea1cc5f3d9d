using System.Text.Json;
using MedGen.Datasets.Augmentation;
using Parquet;
using Parquet.Schema;

namespace MedGen.Datasets.Tests.Augmentation;

public sealed class ParquetShardsTests : IDisposable
{
    private readonly AugmentationFixture _bench = new();

    private static readonly AugmentationSpec Spec = AugmentationFixture.Small("""
        "balance": { "add_per_class": 2 }, "output": { "format": "parquet" }
        """);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task RunAsync_ToParquet_HoldsTheFilmsAndTheManifestsColumns()
    {
        await _bench.WriteDataAsync();
        AugmentationSummary summary = await _bench.RunAsync("out", Spec);

        await using ParquetReader reader = await ParquetReader.CreateAsync(Shard("out", "train"), cancellationToken: AugmentationFixture.Token);
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);
        byte[]?[] films = new byte[rows.RowCount][];
        string?[] paths = new string[rows.RowCount];
        string?[] sources = new string[rows.RowCount];
        long?[] seeds = new long?[rows.RowCount];
        await rows.ReadAsync(Field("video/bytes"), films.AsMemory(), null, AugmentationFixture.Token);
        await rows.ReadAsync(Field("video/path"), paths.AsMemory(), null, AugmentationFixture.Token);
        await rows.ReadAsync(Field("source"), sources.AsMemory(), null, AugmentationFixture.Token);
        await rows.ReadAsync<long>(Field("seed"), seeds.AsMemory(), null, AugmentationFixture.Token);

        for (int i = 0; i < films.Length; i++)
        {
            films[i].ShouldBe(await File.ReadAllBytesAsync(Path.Combine(_bench.Output("out"), paths[i]!), AugmentationFixture.Token));
        }

        sources.Count(source => source == "synthetic").ShouldBe(summary.Kept);
        seeds.OfType<long>().Order().ShouldBe(summary.Records.Where(record => record.Kept).Select(record => record.Seed).Order());
        using JsonDocument features = JsonDocument.Parse(reader.CustomMetadata["huggingface"]);
        JsonElement types = features.RootElement.GetProperty("info").GetProperty("features");
        types.GetProperty("video").GetProperty("_type").GetString().ShouldBe("Video");
        types.EnumerateObject().Select(type => type.Name).ShouldBe(reader.Schema.Fields.Select(field => field.Name));
        (await File.ReadAllTextAsync(Path.Combine(_bench.Output("out"), "README.md"), AugmentationFixture.Token)).ShouldContain("path: data/test-*.parquet");

        DataField Field(string name) => reader.Schema.DataFields.First(field => field.Path.ToString() == name);
    }

    [Fact]
    [Long]
    public async Task RunAsync_ToParquet_AgainOrResumed_GivesTheSameBytesAndNothingElse()
    {
        await _bench.WriteDataAsync();
        await _bench.RunAsync("one", Spec);
        await _bench.RunAsync("two", Spec);
        byte[] first = await File.ReadAllBytesAsync(Shard("one", "train"), AugmentationFixture.Token);
        Directory.CreateDirectory(Path.Combine(_bench.Output("one"), "data.tmp"));
        await File.WriteAllTextAsync(Path.Combine(_bench.Output("one"), "data.tmp", "half"), "", AugmentationFixture.Token);
        File.Delete(Shard("one", "test"));

        await _bench.RunAsync("one", Spec, OutputMode.Resume);

        (await File.ReadAllBytesAsync(Shard("two", "train"), AugmentationFixture.Token)).ShouldBe(first);
        (await File.ReadAllBytesAsync(Shard("one", "train"), AugmentationFixture.Token)).ShouldBe(first);
        File.Exists(Shard("one", "test")).ShouldBeTrue();
        Directory.Exists(Path.Combine(_bench.Output("one"), "data.tmp")).ShouldBeFalse();
    }

    private string Shard(string output, string split) => Path.Combine(_bench.Output(output), "data", $"{split}-00000-of-00001.parquet");
}
