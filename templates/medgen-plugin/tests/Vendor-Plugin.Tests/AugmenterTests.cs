using MedGen.Sdk.Testing;
using MedGen.Sdk.Testing.Conformance;

namespace Vendor_Plugin.Tests;

public class AugmenterTests
{
    public static TheoryData<string> Checks => new(AugmenterConformance.Checks);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Augmenter_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new Plugin());
        await new AugmenterConformance(plugin.Augmenter).RunAsync(check, TestContext.Current.CancellationToken);
    }
}
