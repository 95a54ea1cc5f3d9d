using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Testing.Conformance;
using ReportText;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>The sample that writes.</summary>
public sealed class ReportTextTests
{
    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new ReportPlugin());
        await new AnalyzerConformance(plugin.Analyzer("report")).RunAsync(check, Token);
    }

    // Grey 51 of 255 is 20 %; the last of five frames is 25.5 brighter: 10 % in one of four changes.
    [Theory]
    [InlineData(
        "en",
        "A grey clip of 5 frames with 128 × 64 px in 0.6 s. It is dark (mean 22 %). Little moves: from frame to frame, pixels change by 2.5 % in the mean, "
            + "most at 0.50 s.")]
    [InlineData(
        "de",
        "Ein grauer Clip aus 5 Bildern mit 128 × 64 px in 0,6 s. Er ist dunkel (im Mittel 22 %). Wenig bewegt sich: Von Bild zu Bild ändern sich die "
            + "Pixel im Mittel um 2,5 %, am meisten bei 0,50 s.")]
    public async Task Analyze_InALanguage_WritesWhatWasMeasured(string language, string expected)
    {
        TestClip clip = new() { Width = 128, Height = 64, NumFrames = 5, Paint = (index, pixels) => pixels.Span.Fill((byte)(index < 4 ? 51 : 77)) };

        IReadOnlyList<Finding> findings = await FindAsync(clip, $$"""{"language": "{{language}}"}""");

        TextFinding report = findings.OfType<TextFinding>().ShouldHaveSingleItem();
        (report.Output, report.Language, report.Text).ShouldBe(("report", language, expected));
        Value(findings, "brightness").ShouldBe(22.04, tolerance: 0.01);
        Value(findings, "change").ShouldBe(100.0 * 26 / 255 / 4, tolerance: 0.01);
    }

    [Theory]
    [InlineData("en", "A coloured still of 128 × 128 px. It is of medium brightness (mean 33 %).")]
    [InlineData("de", "Ein farbiges Standbild mit 128 × 128 px. Es ist mittelhell (im Mittel 33 %).")]
    public async Task Analyze_OfAStill_SaysSo(string language, string expected)
    {
        TestClip red = new() { NumFrames = 1, Paint = (_, pixels) => FillRed(pixels.Span) };

        (await FindAsync(red, $$"""{"language": "{{language}}"}""")).OfType<TextFinding>().Single().Text.ShouldBe(expected);
    }

    [Fact]
    public async Task Analyze_WithoutALanguage_WritesEnglish() =>
        (await FindAsync(new TestClip(), "{}")).OfType<TextFinding>().Single().Language.ShouldBe("en");

    [Fact]
    public async Task Analyze_OfALiveStream_DescribesItAtItsEnd() =>
        (await FindAsync(new TestClip { IsLive = true }, "{}")).OfType<TextFinding>().Single().Text.ShouldStartWith("A coloured clip of 17 frames");

    [Fact]
    public async Task Analyze_InAnotherLanguage_IsRefused() =>
        (await Should.ThrowAsync<InvalidInputException>(() => FindAsync(new TestClip(), """{"language": "fr"}"""))).Violations.ShouldHaveSingleItem()
            .Field.ShouldBe("parameters.language");

    private static double Value(IReadOnlyList<Finding> findings, string output) =>
        findings.OfType<MeasurementFinding>().Single(finding => finding.Output == output).Value;

    private static void FillRed(Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i += 3)
        {
            pixels[i] = byte.MaxValue;
            pixels.Slice(i + 1, 2).Clear();
        }
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(TestClip clip, string parameters)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new ReportPlugin());
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = clip }], Parameters = parameters };
        return (await plugin.Analyzer("report").AnalyzeAsync(request, Token).ToListAsync(Token)).OfType<FinalFindings>().Single().Findings;
    }
}
