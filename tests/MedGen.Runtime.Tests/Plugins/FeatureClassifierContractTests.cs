using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FeatureClassifier;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Testing;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Testing.Conformance;

namespace MedGen.Runtime.Tests.Plugins;

/// <summary>The sample with a torch head, with a head for the test model: mean and deviation of one channel, three labels.</summary>
public sealed class FeatureClassifierContractTests : IDisposable
{
    private static readonly string TestModelHash = new('0', 64);

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-head-").FullName;

    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = Start(TestModelHash);
        await new AnalyzerConformance(plugin.Analyzer("clip-kind")).RunAsync(check, Token);
    }

    [Theory]
    [InlineData(0, "ultrasound")]
    [InlineData(255, "radiograph")]
    public async Task Analyze_ByAHeadThatLooksAtBrightness_NamesIt(byte grey, string label)
    {
        await using PluginUnderTest plugin = Start(TestModelHash);

        LabelFinding found = await FindAsync(plugin, grey);

        found.Labels.ShouldBe([label]);
        found.Probabilities.Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public async Task Analyze_WithAHeadOfAnotherModelOrNone_IsRefusedByName()
    {
        await using PluginUnderTest other = Start(new string('f', 64));
        (await Should.ThrowAsync<FailedPreconditionException>(() => FindAsync(other, 0))).Message
            .ShouldBe("weights/head.bin was fitted to the model ffffffffffff; the host has 000000000000.");
        File.Delete(Path.Combine(_folder, "weights", "head.bin"));
        (await Should.ThrowAsync<FailedPreconditionException>(() => FindAsync(other, 0))).Reason.ShouldBe("WEIGHTS_MISSING");
    }

    // Rows: weight of the mean, weight of the deviation, bias.
    private PluginUnderTest Start(string modelHash)
    {
        float[] rows = [-9, 0, 0, 0, 0, -9, 9, 0, -4];
        byte[] head = [.. Encoding.ASCII.GetBytes(modelHash), .. MemoryMarshal.AsBytes<float>(rows)];
        Directory.CreateDirectory(Path.Combine(_folder, "weights"));
        File.WriteAllBytes(Path.Combine(_folder, "weights", "head.bin"), head);
        PluginWeights weights = new()
        {
            Path = "weights/head.bin", Sha256 = Convert.ToHexStringLower(SHA256.HashData(head)), Bytes = head.Length, License = "MIT",
        };
        return PluginUnderTest.Start(
            new FeatureClassifierPlugin(), _folder, tell: context => context with { Manifest = context.Manifest with { Weights = [weights] } });
    }

    private static async Task<LabelFinding> FindAsync(PluginUnderTest plugin, byte grey)
    {
        TestClip clip = new() { Width = 64, Height = 64, NumFrames = 5, Paint = (_, pixels) => pixels.Span.Fill(grey) };
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = clip }] };
        List<AnalysisUpdate> said = await plugin.Analyzer("clip-kind").AnalyzeAsync(request, Token).ToListAsync(Token);
        return said.OfType<FinalFindings>().Single().Findings.ShouldHaveSingleItem().ShouldBeOfType<LabelFinding>();
    }
}
