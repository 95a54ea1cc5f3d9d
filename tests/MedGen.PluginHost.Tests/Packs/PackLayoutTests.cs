using MedGen.PluginHost.Packs;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests.Packs;

/// <summary>Archives whose lengths add up, and that mean something else to another reader.</summary>
public sealed class PackLayoutTests : IDisposable
{
    private const int ListEntryBytes = 46;

    private readonly PackWorkshop _desk = new();

    public void Dispose() => _desk.Dispose();

    // 0xFFFF would send the reader to a second end of the archive, which nobody has looked at.
    [Theory]
    [InlineData(18, 0xFF)]
    [InlineData(16, 1)]
    [InlineData(14, 0xFF)]
    public void Open_EndThatSpeaksOfSeveralFiles_IsRefused(int fromTheEnd, byte value)
    {
        byte[] bytes = File.ReadAllBytes(_desk.Pack());
        bytes.AsSpan(bytes.Length - fromTheEnd, 2).Fill(value);

        Fault(bytes).ShouldBe("pack: this is no pack: its end speaks of several files.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Open_ListThatSaysThatAnEntryLiesElsewhere_IsRefused(int place)
    {
        byte[] bytes = File.ReadAllBytes(_desk.Pack());
        int second = BitConverter.ToInt32(bytes, bytes.Length - 6) + ListEntryBytes + PackIndex.FileName.Length;
        BitConverter.TryWriteBytes(bytes.AsSpan(second + 42), place).ShouldBeTrue();

        Fault(bytes).ShouldStartWith("pack: this is no pack: entry 2 of its list does not lie where the one before ends");
    }

    [Theory]
    [InlineData(0)] // its signature
    [InlineData(26)] // the length of its name
    [InlineData(28)] // the length of what comes between name and content
    [InlineData(30)] // its name
    public void Open_EntryThatIsNotAsTheListSays_IsRefused(int at)
    {
        byte[] bytes = File.ReadAllBytes(_desk.Pack());
        bytes[at] ^= 1;

        Fault(bytes).ShouldBe("pack: this is no pack: entry 1 is not as the list says.");
    }

    private string Fault(byte[] bytes)
    {
        File.WriteAllBytes(_desk.At("changed.mgpack"), bytes);
        return Should.Throw<InvalidInputException>(() => PackReader.Open(_desk.At("changed.mgpack")).Dispose()).Message;
    }
}
