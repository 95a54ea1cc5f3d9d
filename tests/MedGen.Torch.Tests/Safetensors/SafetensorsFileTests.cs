using System.Buffers.Binary;
using System.Text;
using CsCheck;
using MedGen.Abstractions.Errors;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_ThenRead_GivesTheSameTensors() => Gen.Select(Gen.Int[0, 4], Gen.Int[1, 5], Gen.Long).Sample((rows, columns, seed) =>
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new((ulong)seed);
        Dictionary<string, Tensor> tensors = new()
        {
            ["f32"] = randn(rows, columns, generator: generator),
            ["bf16"] = randn(rows, columns, generator: generator).to_type(ScalarType.BFloat16),
            ["i64"] = arange(rows, dtype: ScalarType.Int64),
            ["scalar"] = tensor(0.5),
            ["bool"] = ones(3, dtype: ScalarType.Bool),
        };
        string path = Path.Combine(_folder, "round-trip.safetensors");

        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["note"] = "äöü" });

        using SafetensorsFile file = SafetensorsFile.Open(path);
        file.Metadata["note"].ShouldBe("äöü");
        file.Tensors.Keys.ShouldBe(tensors.Keys);
        foreach ((string name, Tensor expected) in tensors)
        {
            using Tensor read = file.Read(name);
            read.dtype.ShouldBe(expected.dtype);
            read.shape.ShouldBe(expected.shape);
            read.eq(expected).all().item<bool>().ShouldBeTrue(name);
        }
    }, iter: 20, threads: 1);

    [Fact]
    public void Read_AfterTheFileIsClosed_StillHoldsTheData()
    {
        using DisposeScope scope = NewDisposeScope();
        string path = Path.Combine(_folder, "closed.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["x"] = arange(1000, dtype: ScalarType.Float32) });
        Tensor read;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            read = file.Read("x");
        }

        read.sum().item<float>().ShouldBe(499_500);
    }

    [Fact]
    public void ReadWeight_OfScaledFp8_MultipliesByTheScale()
    {
        // 0x38 is 1.0 and 0x40 is 2.0 in float8_e4m3fn.
        string path = Raw(
            """{"l.weight":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},"l.scale_weight":{"dtype":"F32","shape":[],"data_offsets":[2,6]}}""",
            [0x38, 0x40, .. BitConverter.GetBytes(0.5f)]);
        using SafetensorsFile file = SafetensorsFile.Open(path);

        using Tensor weight = file.ReadWeight("l.weight");

        weight.dtype.ShouldBe(ScalarType.BFloat16);
        weight.to_type(ScalarType.Float32).data<float>().ToArray().ShouldBe([0.5f, 1f]);
    }

    [Fact]
    public void Read_OfUnknownName_NamesFileAndTensor()
    {
        string path = Raw("{}", []);
        using SafetensorsFile file = SafetensorsFile.Open(path);

        Should.Throw<ModelFormatException>(() => file.Read("nothing")).Message.ShouldBe("raw.safetensors has no tensor 'nothing'.");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, "not well-formed JSON")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F31'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes, data_offsets give 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", 4, "needs more than 2^63 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "describes 4 bytes of data, the file has 3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "describes 4 bytes of data, the file has 5")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlaps tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "occurs twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "an end not before it")]
    [InlineData("""[]""", 0, "must be StartObject")]
    public void Open_OfABrokenHeader_SaysWhatIsWrong(string header, int dataLength, string expected)
    {
        string path = Raw(header, new byte[dataLength]);

        ModelFormatException error = Should.Throw<ModelFormatException>(() => SafetensorsFile.Open(path));

        error.FileName.ShouldBe("raw.safetensors");
        error.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData(long.MaxValue, "allowed are at most 100000000")]
    [InlineData(50, "but only 2 follow its length")]
    public void Open_WithAHeaderLengthBeyondTheFile_SaysSo(long length, string expected)
    {
        string path = Path.Combine(_folder, "raw.safetensors");
        byte[] bytes = new byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        File.WriteAllBytes(path, bytes);

        Should.Throw<ModelFormatException>(() => SafetensorsFile.Open(path)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Open_OfRandomBytes_ThrowsOnlyTheNamedError() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        string path = Path.Combine(_folder, "raw.safetensors");
        File.WriteAllBytes(path, bytes);
        try
        {
            SafetensorsFile.Open(path).Dispose();
        }
        catch (ModelFormatException error)
        {
            error.Message.ShouldStartWith("raw.safetensors");
        }
    }, iter: 300, threads: 1);

    [Fact]
    public void Write_ToAFolderThatIsNotThere_LeavesNothingBehind()
    {
        using Tensor one = ones(1);

        Should.Throw<IOException>(() => SafetensorsWriter.Write(Path.Combine(_folder, "none", "x.safetensors"), new Dictionary<string, Tensor> { ["x"] = one }));

        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    private string Raw(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        string path = Path.Combine(_folder, "raw.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. data]);
        return path;
    }
}
