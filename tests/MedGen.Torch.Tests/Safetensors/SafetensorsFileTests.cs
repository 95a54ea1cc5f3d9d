using System.Buffers.Binary;
using System.Text;
using CsCheck;
using MedGen.Sdk.Errors;
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
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "needs more than 2^63 bytes")]
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
    [InlineData(long.MaxValue, "allowed: at most 100000000")]
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
    public void Open_OfADamagedFile_ThrowsOnlyTheNamedErrorOrReadsWithinTheFile() =>
        Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 40]).Sample((first, one, second, two, cut) =>
        {
            using DisposeScope scope = NewDisposeScope();
            string path = Path.Combine(_folder, "damaged.safetensors");
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = ones(2, 3), ["b"] = ones(4, dtype: ScalarType.Int16), ["c"] = ones(1) });
            byte[] bytes = File.ReadAllBytes(path);
            bytes[first % bytes.Length] = one;
            bytes[second % bytes.Length] = two;
            File.WriteAllBytes(path, bytes[..^(cut > 20 ? cut - 20 : 0)]);
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                foreach (SafetensorInfo info in file.Tensors.Values)
                {
                    (info.ByteOffset + info.ByteLength).ShouldBeLessThanOrEqualTo(bytes.Length);
                    file.Read(info.Name).NumberOfElements.ShouldBe(info.ElementCount);
                }
            }
            catch (ModelFormatException error)
            {
                error.Message.ShouldStartWith("damaged.safetensors");
            }
        }, iter: 500, threads: 1);

    [Fact]
    public void Read_OfAnEmptyTensorWithAHugeSize_GivesItsShape()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Raw("""{"a":{"dtype":"F32","shape":[0,4611686018427387904],"data_offsets":[0,0]}}""", []));
        using Tensor read = file.Read("a");

        read.shape.ShouldBe([0, 4611686018427387904]);
        file.IsFinite("a").ShouldBeTrue();
    }

    [Fact]
    public void Open_OfAHeaderWithOneValueExchanged_ThrowsOnlyTheNamedErrorOrReadsWithinTheFile()
    {
        string[] parts = ["{", "\"a\"", ":", "{", "\"dtype\"", ":", "\"F32\"", ",", "\"shape\"", ":", "[", "2", ",", "3", "]", ",", "\"data_offsets\"", ":", "[", "0", ",", "24", "]", "}", "}"];
        string[] others =
        [
            "", " ", "0", "-1", "1e3", "0.5", "24", "25", "9223372036854775807", "9223372036854775808", "4611686018427387904", "null", "true", "\"\"", "\"F64\"", "\"F8_E4M3\"",
            "\"shape\"", "\"__metadata__\"", "[", "]", "[]", "{", "}", "{}", ",", ":", "\"\\ud800\"", "\"\\u0000\"",
        ];
        Gen.Select(Gen.Int[0, parts.Length - 1], Gen.Int[0, others.Length - 1], Gen.Int[0, parts.Length - 1], Gen.Int[0, others.Length - 1], Gen.Bool).Sample((one, first, two, second, both) =>
        {
            using DisposeScope scope = NewDisposeScope();
            string[] edited = [.. parts];
            edited[one] = others[first];
            edited[two] = both ? others[second] : edited[two];
            string path = Raw(string.Concat(edited), new byte[24]);
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                foreach (SafetensorInfo info in file.Tensors.Values)
                {
                    (info.ByteOffset + info.ByteLength).ShouldBeLessThanOrEqualTo(24);
                    file.Read(info.Name).NumberOfElements.ShouldBe(info.ElementCount);
                }
            }
            catch (ModelFormatException error)
            {
                error.Message.ShouldStartWith("raw.safetensors");
            }
        }, iter: 3000, threads: 1);
    }

    [Fact]
    public void Open_OfTwoTensorsAnywhere_SucceedsExactlyWhenTheyCoverTheData() =>
        Gen.Select(Gen.Long[0, 6], Gen.Long[0, 6], Gen.Long[0, 6], Gen.Long[0, 6], Gen.Int[0, 12]).Sample((beginA, lengthA, beginB, lengthB, dataLength) =>
        {
            string Entry(string name, long begin, long length) =>
                $"{{\"{name}\":{{\"dtype\":\"U8\",\"shape\":[{length}],\"data_offsets\":[{begin},{begin + length}]}}}}";
            string path = Raw($"{Entry("a", beginA, lengthA)[..^1]},{Entry("b", beginB, lengthB)[1..]}", new byte[dataLength]);
            bool Follows(long begin1, long length1, long begin2, long length2) => begin1 == 0 && begin2 == length1 && begin2 + length2 == dataLength;
            bool covers = Follows(beginA, lengthA, beginB, lengthB) || Follows(beginB, lengthB, beginA, lengthA);

            if (covers)
            {
                SafetensorsFile.Open(path).Dispose();
            }
            else
            {
                Should.Throw<ModelFormatException>(() => SafetensorsFile.Open(path));
            }
        }, iter: 2000, threads: 1);

    [Fact]
    public void ReadHeader_OfAFileWithoutItsData_SaysHowMuchIsMissing()
    {
        string path = Raw("""{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", [1, 2, 3]);

        SafetensorsHeader header = SafetensorsHeader.Read(path, requireData: false);

        header.MissingBytes.ShouldBe(long.MaxValue - 3);
        header.Tensors["a"].ElementCount.ShouldBe(long.MaxValue);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    public void Write_OfEachNumberType_AtAnOddOffset_ReadsBack(ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        string path = Path.Combine(_folder, "types.safetensors");
        Tensor expected = arange(0, 100, dtype: type);

        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["odd"] = ones(3, dtype: ScalarType.Byte), ["x"] = expected });

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Tensor read = file.Read("x");
        read.dtype.ShouldBe(type);
        read.eq(expected).all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void IsFinite_WithOneBadValueAnywhere_IsFalse(ScalarType type) =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 69], Gen.Int[0, 2]).Sample((length, position, kind) =>
        {
            using DisposeScope scope = NewDisposeScope();
            string path = Path.Combine(_folder, "finite.safetensors");
            Tensor good = full(length, -3.25, dtype: type);
            double bad = kind switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => double.NegativeInfinity };
            Tensor broken = good.clone();
            broken[position % length] = tensor(bad).to_type(type);

            SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["good"] = good, ["broken"] = broken, ["whole"] = ones(2, dtype: ScalarType.Int64) });

            using SafetensorsFile file = SafetensorsFile.Open(path);
            file.IsFinite("good").ShouldBeTrue();
            file.IsFinite("broken").ShouldBeFalse();
            file.IsFinite("whole").ShouldBeTrue();
        }, iter: 50, threads: 1);

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
