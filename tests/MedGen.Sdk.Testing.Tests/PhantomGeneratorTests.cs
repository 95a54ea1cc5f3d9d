using EjectionFraction;
using MedGen.Phantoms;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Testing.Conformance;
using PhantomGenerator;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>The sample that generates.</summary>
public sealed class PhantomGeneratorTests
{
    private const int Side = 96;
    private const int NumFrames = 25;

    public static TheoryData<string> Checks => new(GeneratorConformance.Checks);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PhantomPlugin());
        await new GeneratorConformance(plugin.Generator).RunAsync(check, Token);
    }

    [Fact]
    public async Task Generate_WithOptions_ShowsTheHeartThatTheySay()
    {
        VideoGenerationRequest request = Request with { NumFrames = 5, Options = """{"heart_rate": 120, "overlay": true, "view": "parasternal_short_axis"}""" };
        PhantomClip heart = PhantomCatalog.Get("us-cardiac").Simulate(new PhantomRequest
        {
            Seed = 3, Width = Side, Height = Side, NumFrames = 5, FramesPerSecond = 12,
            Parameters = new Dictionary<string, string>
            {
                ["ejection-fraction"] = "60", ["heart-rate"] = "120", ["overlay"] = "device", ["view"] = "parasternal short-axis",
            },
        });

        byte[][] frames = Frames(await GenerateAsync(request));

        frames.ShouldBe([.. heart.Frames.Select(frame => frame.Pixels.ToArray())]);
        Frames(await GenerateAsync(request with { Seed = 4 })).ShouldNotBe(frames);
    }

    [Fact]
    public async Task Generate_OfTwoEjectionFractions_IsMeasuredByAnotherPluginInTheirOrder()
    {
        double weak = await MeasureAsync(Frames(await GenerateAsync(Request with { Options = """{"ejection_fraction": 20}""" })));
        double strong = await MeasureAsync(Frames(await GenerateAsync(Request with { Options = """{"ejection_fraction": 70}""" })));

        strong.ShouldBeGreaterThan(weak + 15);
    }

    [Fact]
    public async Task Generate_WhateverThePrompt_SaysThatItChangesNothing()
    {
        List<GenerationUpdate> said = await GenerateAsync(Request with { NumFrames = 1 });

        said[0].ShouldBeOfType<GenerationWarning>().Message.ShouldContain("prompt, steps and guidance change nothing");
        Frames(await GenerateAsync(Request with { NumFrames = 1, Prompt = "a lung", GuidanceScale = 9 })).ShouldBe(Frames(said));
    }

    [Fact]
    public async Task Validate_OfWhatASimulatorDoesNotHave_NamesIt()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PhantomPlugin());

        (await RefusedAsync(Request with { Width = 16, Height = 1280 })).ShouldBe("width: got 16; allowed: 32 to 1024. height: got 1280; allowed: 32 to 1024.");
        (await RefusedAsync(Request with { NegativePrompt = "noise" })).ShouldStartWith("negative_prompt: is given; allowed: none");
        await plugin.Generator.ValidateAsync(Request, Token);
        await Should.ThrowAsync<InvalidInputException>(() => GenerateAsync(Request with { Width = 16 }));

        async Task<string> RefusedAsync(VideoGenerationRequest request) =>
            (await Should.ThrowAsync<InvalidInputException>(() => plugin.Generator.ValidateAsync(request, Token))).Message;
    }

    private static VideoGenerationRequest Request { get; } =
        new() { Prompt = "a heart", Seed = 3, Width = Side, Height = Side, NumFrames = NumFrames, FramesPerSecond = 12 };

    private static async Task<List<GenerationUpdate>> GenerateAsync(VideoGenerationRequest request)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new PhantomPlugin());
        return await plugin.Generator.GenerateAsync(request, Token).ToListAsync(Token);
    }

    private static byte[][] Frames(IEnumerable<GenerationUpdate> said) =>
        [.. said.OfType<GeneratedFrames>().SelectMany(made => made.Frames).Select(frame => frame.Pixels.ToArray())];

    private static async Task<double> MeasureAsync(byte[][] frames)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new EjectionFractionPlugin());
        TestClip clip = new()
        {
            Width = Side, Height = Side, NumFrames = frames.Length, FramesPerSecond = 12, Format = FrameFormat.Gray8,
            Paint = (index, pixels) => frames[index].CopyTo(pixels),
        };
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "a4c", Clip = clip }] };
        List<AnalysisUpdate> said = await plugin.Analyzer("ejection-fraction").AnalyzeAsync(request, Token).ToListAsync(Token);
        return said.OfType<FinalFindings>().Single().Findings.OfType<MeasurementFinding>().Single().Value;
    }
}
