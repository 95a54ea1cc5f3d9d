using MedGen.Model.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Pipelines;

public sealed class EmbeddingCacheTests : IDisposable
{
    private static readonly int[] Ids = [5, 6, 1];
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-embeddings-").FullName;
    private int _encoded;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void GetOrAdd_Twice_EncodesOnce()
    {
        using EmbeddingCache cache = new("a", ScalarType.Float32);

        cache.GetOrAdd(Ids, Rows).ShouldBeSameAs(cache.GetOrAdd([5, 6, 1], Rows));
        cache.GetOrAdd([5, 61], Rows);

        _encoded.ShouldBe(2);
    }

    [Fact]
    public void Clear_OfWhatWasEncoded_LeavesNothingInMemoryOrOnDisk()
    {
        File.WriteAllText(Path.Combine(_folder, "readme.txt"), "not an embedding");
        using EmbeddingCache cache = new("a", ScalarType.Float32, _folder);
        cache.GetOrAdd(Ids, Rows);

        cache.Clear().ShouldBeTrue();

        Directory.GetFiles(_folder).Select(Path.GetFileName).ShouldBe(["readme.txt"]);
        cache.GetOrAdd(Ids, Rows);
        _encoded.ShouldBe(2);
    }

    [Fact]
    public void GetOrAdd_AfterARestart_ReadsWhatTheSameEncoderWrote()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor first = Get("a", ScalarType.Float32);

        Get("a", ScalarType.Float32).equal(first).all().item<bool>().ShouldBeTrue();
        _encoded.ShouldBe(1);
        Get("b", ScalarType.Float32);
        Get("a", ScalarType.BFloat16).dtype.ShouldBe(ScalarType.BFloat16);
        _encoded.ShouldBe(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(100)]
    public void GetOrAdd_OverABrokenFile_EncodesAndWritesItAnew(int length)
    {
        using DisposeScope scope = NewDisposeScope();
        Get("a", ScalarType.Float32);
        string file = Directory.GetFiles(_folder).ShouldHaveSingleItem();
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..length]);

        Get("a", ScalarType.Float32);

        _encoded.ShouldBe(2);
        File.ReadAllBytes(file).Length.ShouldBe(whole.Length);
    }

    [Fact]
    public void GetOrAdd_PastTheLimits_DropsTheOldestInMemoryAndOnDisk()
    {
        const long TwoEntries = 2 * 3 * 4 * sizeof(float);
        using DisposeScope scope = NewDisposeScope();
        using (EmbeddingCache cache = new("a", ScalarType.Float32, _folder, memoryLimit: TwoEntries, diskLimit: 400))
        {
            long before = LiveTensors.Count();
            for (int i = 0; i < 6; i++)
            {
                cache.GetOrAdd([i, i, i], Rows);
            }

            (LiveTensors.Count() - before).ShouldBe(2);
        }

        Directory.GetFiles(_folder).Sum(file => new FileInfo(file).Length).ShouldBeInRange(1, 400);
    }

    [Fact]
    public void GetOrAdd_WhereNothingCanBeWritten_StillEncodes()
    {
        using DisposeScope scope = NewDisposeScope();
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using EmbeddingCache cache = new("a", ScalarType.Float32, Path.Combine(file, "folder"));

        cache.GetOrAdd(Ids, Rows).shape.ShouldBe([3, 4]);
    }

    private Tensor Get(string encoder, ScalarType type)
    {
        using EmbeddingCache cache = new(encoder, type, _folder);
        return cache.GetOrAdd(Ids, () => Rows().to_type(type)).clone();
    }

    private Tensor Rows()
    {
        _encoded++;
        return full(3, 4, (float)_encoded);
    }
}
