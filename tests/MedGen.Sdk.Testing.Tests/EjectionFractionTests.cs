using System.Globalization;
using EjectionFraction;
using MedGen.Phantoms;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Testing.Conformance;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>The sample that measures, over simulated hearts whose ejection fraction is known.</summary>
public sealed class EjectionFractionTests
{
    private const int Hearts = 12;
    private const int FirstSeed = 5000; // none that it was fitted to

    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new EjectionFractionPlugin());
        await new AnalyzerConformance(plugin.Analyzer("ejection-fraction")).RunAsync(check, Token);
    }

    [Fact]
    public async Task Analyze_OfSimulatedHearts_IsCloserThanAGuess()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new EjectionFractionPlugin());
        (double Truth, MeasurementFinding Found)[] measured = await Task.WhenAll(
            Enumerable.Range(FirstSeed, Hearts).Select(seed => Task.Run(() => MeasureAsync(plugin, seed), Token)));

        double mean = measured.Average(one => one.Truth);
        double error = measured.Average(one => Math.Abs(one.Found.Value - one.Truth));
        double guess = measured.Average(one => Math.Abs(mean - one.Truth));
        int inside = measured.Count(one => one.Found.Interval!.Low <= one.Truth && one.Truth <= one.Found.Interval.High);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Hearts} hearts: mean error {error:0.0} %, of guessing the mean {guess:0.0} %; {inside} truths within the 90 % interval."));

        error.ShouldBeLessThan(0.7 * guess);
        inside.ShouldBeGreaterThanOrEqualTo(8);
        measured.ShouldAllBe(one => one.Found.Output == "ejection-fraction" && one.Found.Interval!.Level == 0.9);
    }

    [Fact]
    public async Task Analyze_OfABlackClip_SaysThatThereIsNothingToFollow()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new EjectionFractionPlugin());
        TestClip black = new() { NumFrames = 24, FramesPerSecond = 12, Paint = (_, pixels) => pixels.Span.Clear(), Format = FrameFormat.Gray8 };

        (await Should.ThrowAsync<MediaException>(() => FindAsync(plugin, black))).Message.ShouldBe("The clip shows no tissue that can be followed.");
    }

    private static async Task<(double Truth, MeasurementFinding Found)> MeasureAsync(PluginUnderTest plugin, int seed)
    {
        PhantomClip heart = PhantomCatalog.Get("us-cardiac").Simulate(new PhantomRequest
        {
            Seed = seed, Width = 96, Height = 96, NumFrames = 24, FramesPerSecond = 12,
            Parameters = new Dictionary<string, string> { ["view"] = "apical four-chamber" },
        });
        byte[][] frames = [.. heart.Frames.Select(frame => frame.Pixels.ToArray())];
        TestClip clip = new()
        {
            Width = 96, Height = 96, NumFrames = frames.Length, FramesPerSecond = 12, Format = FrameFormat.Gray8,
            Paint = (index, pixels) => frames[index].CopyTo(pixels),
        };
        return (double.Parse(heart.Truth.Values["ejection-fraction"], CultureInfo.InvariantCulture), await FindAsync(plugin, clip));
    }

    private static async Task<MeasurementFinding> FindAsync(PluginUnderTest plugin, TestClip clip)
    {
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "a4c", Clip = clip }] };
        List<AnalysisUpdate> said = await plugin.Analyzer("ejection-fraction").AnalyzeAsync(request, Token).ToListAsync(Token);
        return said.OfType<FinalFindings>().Single().Findings.ShouldHaveSingleItem().ShouldBeOfType<MeasurementFinding>();
    }
}
