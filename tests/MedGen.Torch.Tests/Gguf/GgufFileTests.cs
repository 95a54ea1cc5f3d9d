using MedGen.Sdk.Errors;
using MedGen.Torch.Gguf;
using MedGen.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests.Gguf;

public sealed class GgufFileTests : IDisposable
{
    private const int HostileHeaders = 400;
    private static readonly byte[] Two = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.gguf");

    public void Dispose()
    {
        _scope.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(8)]
    public void Open_OfNumbersInEachType_ReadsThemRowsFirst(int alignment)
    {
        GgufBytes bytes = new() { Alignment = alignment };
        bytes.Key("general.alignment", (uint)alignment).Key("general.architecture", "wan").Key("x.bool", 7, 1).Key("x.f64", 12, BitConverter.GetBytes(0.25))
            .Tensor("a", GgufType.F32, [1, 2], Two)
            .Tensor("b", GgufType.F16, [2, 1, 1, 1, 1], [0x00, 0x3E, 0x00, 0xC0])
            .Tensor("c", GgufType.BF16, [2], [0xC0, 0x3F, 0x00, 0xC0]);
        using WeightFile file = Open(bytes);

        file.Architecture.ShouldBe("wan");
        file.Weights.Values.Select(weight => weight.Form).ShouldBe(["F32", "F16", "BF16"]);
        file.Weights["a"].Shape.ShouldBe([1, 2]);
        file.Weights["b"].Shape.ShouldBe([2, 1, 1, 1, 1]);
        file.Unused.ShouldBe(["x.bool (True)", "x.f64 (0.25)"]);
        foreach (string name in new[] { "a", "b", "c" })
        {
            Values(file, name).ShouldBe([1.5f, -2]);
            file.Read(name).IsQuantized.ShouldBeFalse();
            file.IsFinite(name).ShouldBeTrue();
        }
    }

    [Fact]
    public void Read_OfBlocks_ScalesEachByItsOwn()
    {
        byte[] block = [0x00, 0x38, .. Enumerable.Range(-16, 32).Select(value => (byte)value)]; // 0.5 times −16 to 15
        byte[] other = [0x00, 0xC0, .. Enumerable.Range(-16, 32).Select(value => (byte)value)]; // −2 times
        using WeightFile file = Open(new GgufBytes().Tensor("w", GgufType.Q8, [2, 32], [.. block, .. other]));
        using StoredWeight weight = file.Read("w");

        weight.IsQuantized.ShouldBeTrue();
        weight.ByteLength.ShouldBe(68);
        Values(file, "w").ShouldBe([.. Enumerable.Range(-16, 32).Select(value => 0.5f * value), .. Enumerable.Range(-16, 32).Select(value => -2f * value)]);
        weight.ReadRows(tensor(new long[] { 1, 1 }), ScalarType.Float32).data<float>().ToArray()[32..].ShouldBe(Values(file, "w")[32..]);
    }

    [Fact]
    public void ReadRows_OfRowsShorterThanABlock_AreTheRows()
    {
        byte[] block = [0x00, 0x3C, .. Enumerable.Range(0, 32).Select(value => (byte)value)];
        using WeightFile file = Open(new GgufBytes().Integers("comfy.gguf.orig_shape.w", 4, 8).Tensor("w", GgufType.Q8, [32], block));

        file.Weights["w"].Shape.ShouldBe([4, 8]);
        file.Read("w").ReadRows(tensor(new long[] { 2 }), ScalarType.Float32).data<float>().ToArray().ShouldBe([16, 17, 18, 19, 20, 21, 22, 23]);
    }

    [Theory]
    [InlineData(GgufType.Q8, 34, 0)]
    [InlineData(GgufType.Q4K, 144, 0)]
    [InlineData(GgufType.Q4K, 144, 2)]
    [InlineData(GgufType.Q5K, 176, 2)]
    [InlineData(GgufType.Q6K, 210, 208)]
    public void IsFinite_WithABadScaleInTheLastBlock_IsFalse(GgufType type, int size, int at)
    {
        byte[] good = [.. Enumerable.Repeat((byte)0x3B, 3 * size)];
        byte[] bad = [.. good];
        (bad[(2 * size) + at], bad[(2 * size) + at + 1]) = (0x00, 0x7C);
        ulong[] shape = [3, (ulong)(type == GgufType.Q8 ? 32 : 256)];
        using WeightFile file = Open(new GgufBytes().Tensor("good", type, shape, good).Tensor("bad", type, shape, bad));

        file.IsFinite("good").ShouldBeTrue();
        file.IsFinite("bad").ShouldBeFalse();
        file.Read("good").Read(ScalarType.Float32).isfinite().all().item<bool>().ShouldBeTrue();
        file.Read("bad").Read(ScalarType.Float32).isfinite().all().item<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData("empty file", "it ends within the magic number, at byte 0")]
    [InlineData("wrong magic", "it starts with 0x")]
    [InlineData("version 2", "its version is 2; allowed: 3")]
    [InlineData("big-endian", "its version is 50331648; allowed: 3")]
    [InlineData("more keys than there are", "tensor '' has 0 dimensions")]
    [InlineData("more tensors than there are", "it ends within")]
    [InlineData("2^64 keys", "it ends within")]
    [InlineData("2^64 tensors", "it ends within")]
    [InlineData("key twice", "key 'x' occurs twice")]
    [InlineData("tensor twice", "tensor 'a' occurs twice")]
    [InlineData("unknown statement type", "'x' has the unknown type 13; allowed: 0 to 12")]
    [InlineData("bool of two", "'x' is a BOOL of 2; allowed: 0, 1")]
    [InlineData("not UTF-8", "'x' is not UTF-8")]
    [InlineData("long text", "'x' claims 18446744073709551615 bytes; allowed: at most")]
    [InlineData("long array", "'x' claims 4611686018427387904 elements, but only")]
    [InlineData("array of arrays", "'x' is an array of arrays")]
    [InlineData("no dimensions", "tensor 'a' has 0 dimensions; allowed: 1 to 5")]
    [InlineData("six dimensions", "tensor 'a' has 6 dimensions; allowed: 1 to 5")]
    [InlineData("size of none", "tensor 'a' has a size of 0")]
    [InlineData("size beyond", "tensor 'a' F32 [4611686018427387904, 4] at byte 0 needs more than 2^63 bytes")]
    [InlineData("half a block", "tensor 'a' has rows of 48 values; Q8_0 needs multiples of 32")]
    [InlineData("type Q2_K", "tensor 'a' has the type Q2_K; supported: F32, F16, Q8_0, Q4_K, Q5_K, Q6_K, BF16")]
    [InlineData("type IQ4_XS", "tensor 'a' has the type IQ4_XS")]
    [InlineData("type 99", "tensor 'a' has the type number 99")]
    [InlineData("odd offset", "tensor 'a' starts at byte 4 of the data; allowed: multiples of 32")]
    [InlineData("offset beyond the end", "the file has")]
    [InlineData("offset beyond counting", "needs more than 2^63 bytes")]
    [InlineData("overlap", "tensor 'b' starts at byte 0 and overlaps tensor 'a', which ends at 8")]
    [InlineData("alignment of 12", "general.alignment is 12; allowed: multiples of 8")]
    [InlineData("alignment of text", "general.alignment is x; allowed")]
    [InlineData("cut off", "it is cut off")]
    [InlineData("shape of nothing", "comfy.gguf.orig_shape.b is of no tensor of this file")]
    [InlineData("shape of another size", "comfy.gguf.orig_shape.a is [3]; 'a' [2] has 2 values")]
    [InlineData("shape of zero", "comfy.gguf.orig_shape.a is [0]; 'a' [2] has 2 values")]
    [InlineData("shape of text", "comfy.gguf.orig_shape.a is 2; 'a' [2] has 2 values")]
    [InlineData("quantisation version 1", "general.quantization_version is 1; allowed: 2")]
    public void Open_OfABrokenFile_SaysWhatIsWrong(string which, string expected)
    {
        GgufBytes one = new GgufBytes().Tensor("a", GgufType.F32, [2], Two);
        GgufBytes Value(uint type, params byte[] value) => new GgufBytes().Key("x", type, value);
        GgufBytes Info(uint type, ulong offset, params ulong[] shape) => new GgufBytes().Info("a", type, shape, offset, new byte[64]);
        byte[] bytes = which switch
        {
            "empty file" => [],
            "cut off" => one.ToArray()[..^1],
            _ => (which switch
            {
                "wrong magic" => new GgufBytes { Magic = "GGML"u8.ToArray() },
                "version 2" => new GgufBytes { Version = 2 },
                "big-endian" => new GgufBytes { Version = 3 << 24 },
                "more keys than there are" => new GgufBytes { KeyCount = 1 }.Tensor("a", GgufType.F32, [2], Two),
                "more tensors than there are" => new GgufBytes { TensorCount = 2 }.Tensor("a", GgufType.F32, [2], []),
                "2^64 keys" => new GgufBytes { KeyCount = ulong.MaxValue },
                "2^64 tensors" => new GgufBytes { TensorCount = ulong.MaxValue },
                "key twice" => one.Key("x", 1).Key("x", 1),
                "tensor twice" => one.Tensor("a", GgufType.F32, [2], Two),
                "unknown statement type" => Value(13),
                "bool of two" => Value(7, 2),
                "not UTF-8" => Value(8, [.. BitConverter.GetBytes(1UL), 0xFF]),
                "long text" => Value(8, [.. BitConverter.GetBytes(ulong.MaxValue)]),
                "long array" => Value(9, [.. BitConverter.GetBytes(0u), .. BitConverter.GetBytes(1UL << 62)]),
                "array of arrays" => Value(9, [.. BitConverter.GetBytes(9u), .. BitConverter.GetBytes(0UL)]),
                "no dimensions" => Info(0, 0),
                "six dimensions" => Info(0, 0, 1, 1, 1, 1, 1, 1),
                "size of none" => Info(0, 0, 2, 0),
                "size beyond" => Info(0, 0, 1UL << 62, 4),
                "half a block" => Info(8, 0, 48),
                "type Q2_K" => Info(10, 0, 256),
                "type IQ4_XS" => Info(23, 0, 256),
                "type 99" => Info(99, 0, 2),
                "odd offset" => Info(0, 4, 2),
                "offset beyond the end" => Info(0, 64, 2),
                "offset beyond counting" => Info(0, ulong.MaxValue / 2 / 32 * 32, 2),
                "overlap" => one.Tensor("b", GgufType.F32, [2], Two, offset: 0),
                "alignment of 12" => one.Key("general.alignment", 12),
                "alignment of text" => one.Key("general.alignment", "x"),
                "shape of nothing" => one.Integers("comfy.gguf.orig_shape.b", 2),
                "shape of another size" => one.Integers("comfy.gguf.orig_shape.a", 3),
                "shape of zero" => one.Integers("comfy.gguf.orig_shape.a", 0),
                "shape of text" => one.Key("comfy.gguf.orig_shape.a", "2"),
                "quantisation version 1" => new GgufBytes().Key("general.quantization_version", 1).Tensor("a", GgufType.Q8, [32], new byte[34]),
                _ => throw new ArgumentOutOfRangeException(nameof(which), which, "Not a case."),
            }).ToArray(),
        };
        File.WriteAllBytes(_path, bytes);

        Should.Throw<ModelFormatException>(() => WeightFile.Open(_path)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Open_WithoutItsData_TellsWhatIsMissing()
    {
        File.WriteAllBytes(_path, new GgufBytes().Tensor("a", GgufType.F32, [2], Two).ToArray()[..^5]);
        using WeightFile file = WeightFile.Open(_path, requireData: false);

        file.MissingBytes.ShouldBe(5);
        file.Weights["a"].ElementCount.ShouldBe(2);
    }

    [Fact]
    public void Open_OfHeadersThatClaimBillions_AllocatesLittle()
    {
        byte[][] files =
        [
            new GgufBytes { KeyCount = ulong.MaxValue, TensorCount = ulong.MaxValue }.ToArray(),
            new GgufBytes().Key("x", 8, BitConverter.GetBytes((ulong)uint.MaxValue)).ToArray(),
            new GgufBytes().Key("x", 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes(1UL << 40)]).ToArray(),
            new GgufBytes().Info("a", 0, [1UL << 30, 1UL << 30], 0).ToArray(),
        ];
        foreach (byte[] bytes in files)
        {
            File.WriteAllBytes(_path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();

            Should.Throw<ModelFormatException>(() => WeightFile.Open(_path));

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4_000_000);
        }
    }

    [Theory]
    [InlineData("layouts", "gguf", "wan-mixed.gguf")]
    [InlineData("layouts", "text_encoder", "umt5-encoder-Q8_0.gguf")]
    public void Open_OfADamagedHeader_RefusesItOrReadsIt(params string[] file)
    {
        byte[] whole = File.ReadAllBytes(Fixtures.Path(["goldens22", .. file]));
        File.WriteAllBytes(_path, whole);
        int headerLength = (int)GgufHeader.Read(_path).DataOffset;
        Random random = new(22);
        int refused = 0;
        for (int i = 0; i < HostileHeaders; i++)
        {
            byte[] header = MutatedBytes.Of(whole.AsSpan(0, headerLength), random);
            File.WriteAllBytes(_path, [.. header, .. whole.AsSpan(headerLength)]);
            try
            {
                using WeightFile opened = WeightFile.Open(_path);
                foreach (string name in opened.Weights.Keys)
                {
                    using DisposeScope scope = NewDisposeScope();
                    opened.IsFinite(name);
                    opened.Read(name).Read(ScalarType.Float32);
                }
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(HostileHeaders / 2);
    }

    private WeightFile Open(GgufBytes bytes)
    {
        File.WriteAllBytes(_path, bytes.ToArray());
        return WeightFile.Open(_path);
    }

    private static float[] Values(WeightFile file, string name) => file.Read(name).Read(ScalarType.Float32).data<float>().ToArray();
}
