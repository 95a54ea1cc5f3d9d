using System.Runtime.InteropServices;
using MedGen.Sdk.Errors;
using MedGen.Torch.Archives;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests.Archives;

public sealed class TorchArchiveTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.pth");
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_OfAStateDict_GivesItsTensors(bool wide)
    {
        TorchFile torch = new TorchFile()
            .Tensor("a.weight", "0", "FloatStorage", 6, 0, [2, 3], [3, 1])
            .Tensor("a.turned", "0", "FloatStorage", 6, 0, [3, 2], [1, 3])
            .Tensor("a.part", "0", "FloatStorage", 6, 4, [2], [1])
            .Tensor("half", "1", "BFloat16Storage", 300, 0, [300], [1])
            .Tensor("steps", "2", "LongStorage", 1, 0, [], [])
            .Storage("0", Bytes<float>(1, 2, 3, 4, 5, 6))
            .Storage("1", Bytes([.. Enumerable.Repeat((ushort)0x3F80, 300)]))
            .Storage("2", Bytes(7L));
        File.WriteAllBytes(_path, torch.ToBytes(wide));

        using SafetensorsFile file = TorchArchive.Open(_path);

        file.Tensors.Keys.ShouldBe(["a.weight", "a.turned", "a.part", "half", "steps"]);
        file.Read("a.weight").data<float>().ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        file.Read("a.weight").shape.ShouldBe([2, 3]);
        file.Read("a.turned").data<float>().ToArray().ShouldBe([1, 4, 2, 5, 3, 6]);
        file.Read("a.part").data<float>().ToArray().ShouldBe([5, 6]);
        file.Read("half").to_type(ScalarType.Float32).data<float>().ShouldAllBe(value => value == 1);
        file.Read("steps").item<long>().ShouldBe(7);
        file.Tensors["a.turned"].ElementCount.ShouldBe(6);
        file.Tensors.Keys.ShouldAllBe(name => file.IsFinite(name));
    }

    [Fact]
    public void Open_OfAnotherGlobal_NamesItAndExecutesNothing() =>
        Refusal(new TorchFile().Text("x").Global("os", "system").Raw('(').Text("echo").Raw('t', 'R')).ShouldContain("it asks for 'os.system'");

    [Fact]
    public void Open_OfAnotherInstruction_NamesIt() => Refusal(new TorchFile().Raw('i')).ShouldContain("pickle instruction 0x69 at byte");

    [Fact]
    public void Open_OfAnotherProtocol_NamesIt() => Refusal(new TorchFile().Raw(0x80, 4)).ShouldContain("pickle protocol 4 is not read");

    [Fact]
    public void Open_OfAValueThatIsNoTensor_NamesIt() => Refusal(new TorchFile().Text("epoch").Number(3)).ShouldContain("'epoch' is no tensor");

    [Theory]
    [InlineData(6, 0, 2, 3, 3, 1, 20, "has 20 bytes; 6 values of 4 are stated")]
    [InlineData(6, 1, 2, 3, 3, 1, 24, "reaches beyond its storage")]
    [InlineData(6, 0, 2, 3, 4, 1, 24, "reaches beyond its storage")]
    [InlineData(6, -1, 1, 1, 1, 1, 24, "reaches beyond its storage")]
    [InlineData(6, 0, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, 24, "reaches beyond its storage")]
    public void Open_OfAViewThatDoesNotFit_IsRefused(long count, long offset, long rows, long columns, long rowStride, long columnStride, int bytes, string expected) =>
        Refusal(new TorchFile().Tensor("a", "0", "FloatStorage", count, offset, [rows, columns], [rowStride, columnStride]).Storage("0", new byte[bytes])).ShouldContain(expected);

    [Fact]
    public void Open_WithoutTheStorage_IsRefused() => Refusal(Small(store: false)).ShouldContain("the storage of 'a' is not there");

    [Fact]
    public void Open_OfBigEndianNumbers_IsRefused() => Refusal(Small().Entry("archive/byteorder", "big"u8.ToArray())).ShouldContain("its byte order is not 'little'");

    [Fact]
    public void Open_OfACompressedEntry_IsRefused()
    {
        File.WriteAllBytes(_path, Small().ToBytes(method: 8));

        Refusal().ShouldContain("is compressed");
    }

    [Fact]
    public void Open_OfTheFormatBeforeZip_IsRefused()
    {
        File.WriteAllBytes(_path, [0x80, 2, 0x8a, 10, 0x6c, 0xfc]);

        Refusal().ShouldContain("it is no zip file");
    }

    [Fact]
    public void Open_OfAnythingCutShort_IsRefused()
    {
        byte[] whole = Small().ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);

            Refusal().ShouldContain("cannot be read as weights of torch");
        }
    }

    [Fact]
    public void Open_OfAnyChangedByte_ReadsItOrIsRefused()
    {
        byte[] whole = Small().ToBytes();
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x41;
            File.WriteAllBytes(_path, changed);
            try
            {
                using SafetensorsFile file = TorchArchive.Open(_path);
            }
            catch (ModelFormatException)
            {
                // What a broken file gets; any other exception fails the test.
            }
        }
    }

    private static TorchFile Small(bool store = true)
    {
        TorchFile file = new TorchFile().Tensor("a", "0", "FloatStorage", 2, 0, [2], [1]);
        return store ? file.Storage("0", new byte[8]) : file;
    }

    private static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private string Refusal(TorchFile torch)
    {
        File.WriteAllBytes(_path, torch.ToBytes());
        return Refusal();
    }

    private string Refusal() => Should.Throw<ModelFormatException>(() => TorchArchive.Open(_path)).Message;
}
