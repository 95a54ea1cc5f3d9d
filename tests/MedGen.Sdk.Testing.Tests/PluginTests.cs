using HelloClassifier;
using MedGen.Plugins.Augmentation;
using MedGen.Plugins.Generation;
using MedGen.Sdk.Testing.Conformance;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>The sample and two of the platform's plugins, over the model in memory. The classifiers' tests run theirs.</summary>
public class PluginTests
{
    public static TheoryData<string> AnalyzerChecks => new(AnalyzerConformance.Checks);

    public static TheoryData<string> GeneratorChecks => new(GeneratorConformance.Checks);

    public static TheoryData<string> AugmenterChecks => new(AugmenterConformance.Checks);

    [Theory]
    [MemberData(nameof(AnalyzerChecks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new HelloPlugin());
        await plugin.SelfTestAsync(TestContext.Current.CancellationToken);
        await new AnalyzerConformance(plugin.Analyzer("brightness")).RunAsync(check, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(GeneratorChecks))]
    public async Task Generation_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new GenerationPlugin());
        await new GeneratorConformance(plugin.Generator).RunAsync(check, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(AugmenterChecks))]
    public async Task Augmentation_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new AugmentationPlugin());
        AugmenterConformance suite = new(plugin.Augmenter)
        {
            OptionsFor = method => method.Name == "phantom" ? """{ "kind": "us-lung", "classes": { "lung": {} } }""" : "{}",
        };
        await suite.RunAsync(check, TestContext.Current.CancellationToken);
    }
}
