using MedGen.Sdk.Testing;
using MedGen.Sdk.Testing.Conformance;

namespace Vendor_Plugin.Tests;

public class AnalyzerTests
{
    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Analyzer_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new Plugin());
        await new AnalyzerConformance(plugin.Analyzer("plugin-task-value")).RunAsync(check, TestContext.Current.CancellationToken);
    }
}
