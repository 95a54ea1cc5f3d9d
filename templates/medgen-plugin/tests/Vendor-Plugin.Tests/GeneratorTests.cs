using MedGen.Sdk.Testing;
using MedGen.Sdk.Testing.Conformance;

namespace Vendor_Plugin.Tests;

public class GeneratorTests
{
    public static TheoryData<string> Checks => new(GeneratorConformance.Checks);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Generator_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new Plugin());
        await new GeneratorConformance(plugin.Generator).RunAsync(check, TestContext.Current.CancellationToken);
    }
}
