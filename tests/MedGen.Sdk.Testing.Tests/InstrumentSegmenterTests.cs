using InstrumentSegmenter;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Testing.Conformance;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>The sample with masks and a setting.</summary>
public sealed class InstrumentSegmenterTests
{
    private const int Width = 20;
    private const int Height = 10;

    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new InstrumentPlugin());
        await new AnalyzerConformance(plugin.Analyzer("instruments")).RunAsync(check, Token);
    }

    [Fact]
    public async Task Analyze_OfSteelAmongTissue_MarksItsPixelsAndNoOthers()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new InstrumentPlugin());

        MaskFinding mask = (await FindAsync(plugin)).ShouldHaveSingleItem().ShouldBeOfType<MaskFinding>();

        // Columns 5 to 8 of rows 2 to 6; the single grey pixel and what is too dark are left out.
        mask.Runs.ShouldBe([45, 4, 16, 4, 16, 4, 16, 4, 16, 4, 71]);
        (mask.Label, mask.Score).ShouldBe(("instrument", 1));
        mask.Scope.ShouldBe(FindingScope.Frame(Picture()));
    }

    [Fact]
    public async Task Analyze_WithASetting_KeepsToIt()
    {
        await using PluginUnderTest all = PluginUnderTest.Start(
            new InstrumentPlugin(), tell: context => context with { Settings = """{"least_share": 0}""" });
        await using PluginUnderTest none = PluginUnderTest.Start(
            new InstrumentPlugin(), tell: context => context with { Settings = """{"least_share": 0.5}""" });

        (await FindAsync(all)).Count.ShouldBe(2);
        (await FindAsync(none)).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(PluginUnderTest plugin)
    {
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = new OnePicture() }] };
        return [.. (await plugin.Analyzer("instruments").AnalyzeAsync(request, Token).ToListAsync(Token)).OfType<FinalFindings>()
            .SelectMany(found => found.Findings)];
    }

    // Red, with a grey bar, a dark bar and a grey pixel.
    private static VideoFrame Picture()
    {
        byte[] pixels = new byte[Width * Height * 3];
        for (int i = 0; i < Width * Height; i++)
        {
            (int x, int y) = (i % Width, i / Width);
            bool isSteel = (x is >= 5 and <= 8 && y is >= 2 and <= 6) || (x, y) == (15, 8);
            bool isDark = x == 12;
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) =
                isSteel ? ((byte)150, (byte)150, (byte)150) : isDark ? ((byte)20, (byte)20, (byte)20) : ((byte)180, (byte)60, (byte)50);
        }

        return VideoFrame.Wrap(pixels, Width, Height);
    }

    private sealed class OnePicture : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = Width, Height = Height, FrameCount = 1 };

        public bool IsLive => false;

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
            new[] { Picture() }.ToAsyncEnumerable();
    }
}
