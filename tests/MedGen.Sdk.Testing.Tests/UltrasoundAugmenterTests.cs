using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Testing.Conformance;
using UltrasoundAugmenter;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>The sample that augments, over a clip that is grey in the middle and black on the left.</summary>
public sealed class UltrasoundAugmenterTests
{
    private const int Side = 60;
    private const byte Grey = 200;
    private const int Black = 5; // columns on the left

    public static TheoryData<string> Checks => new(AugmenterConformance.Checks);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sample_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new UltrasoundPlugin());
        await new AugmenterConformance(plugin.Augmenter).RunAsync(check, Token);
    }

    [Fact]
    public async Task DepthGain_OfALinearProbe_TakesAsManyDecibelsAsItSays()
    {
        (byte[][] frames, AugmentedClipDescription how) = await MakeAsync(
            "depth-gain", """{"attenuation_from": 30, "attenuation_to": 30, "slider_error": 0, "dynamic_range": 60, "probe": "linear"}""");

        // Half of the dynamic range is lost at the lower edge, a quarter in the middle.
        At(frames[0], 30, 0).ShouldBe(199);
        At(frames[0], 30, Side / 2).ShouldBeInRange(134, 138);
        At(frames[0], 30, Side - 1).ShouldBeInRange(72, 76);
        At(frames[0], 7, Side / 2).ShouldBe(At(frames[0], 55, Side / 2));
        At(frames[0], Black - 1, 10).ShouldBe(0);
        frames.ShouldAllBe(frame => frame.SequenceEqual(frames[0]));
        how.Parameters["attenuation_db"].ShouldBe("30");
        how.UsesSource.ShouldBeTrue();
    }

    [Fact]
    public async Task DepthGain_ThatMakesTheClipBrighter_LeavesBlackBlack()
    {
        (byte[][] frames, _) = await MakeAsync("depth-gain", """{"attenuation_to": 0, "slider_error": 12}""");

        frames[0].Max().ShouldBeGreaterThan(Grey);
        Enumerable.Range(0, Side).ShouldAllBe(y => At(frames[0], Black - 1, y) == 0);
    }

    [Fact]
    public async Task DepthGain_OfASector_IsTheSameAtTheSameDistanceFromTheProbe()
    {
        (byte[][] frames, _) = await MakeAsync("depth-gain", """{"attenuation_from": 30, "attenuation_to": 30, "slider_error": 0}""");

        // (30, 40) lies straight below the probe, (54, 32) as far away to the right.
        Math.Abs(At(frames[0], 54, 32) - At(frames[0], 30, 40)).ShouldBeLessThan(3);
        At(frames[0], 55, 40).ShouldBeLessThan(At(frames[0], 30, 40) - 8);
    }

    [Fact]
    public async Task AcousticShadow_OfALinearProbe_IsDarkBelowAndNotAbove()
    {
        (byte[][] frames, AugmentedClipDescription how) = await MakeAsync(
            "acoustic-shadow", """{"most": 1, "loss": 40, "probe": "linear", "width": 0.1}""");

        int[] top = Row(frames[0], 1);
        int[] bottom = Row(frames[0], Side - 1);
        top.Skip(Black).ShouldAllBe(grey => grey == Grey);
        bottom.Skip(Black).Min().ShouldBeLessThan(130);
        bottom.Skip(Black).Count(grey => grey == Grey).ShouldBeGreaterThan(Side / 3);
        how.Parameters["shadows"].ShouldStartWith("beam ");
    }

    [Theory]
    [InlineData("depth-gain")]
    [InlineData("acoustic-shadow")]
    public async Task Methods_WithAnotherSeed_DrawAnotherClip(string method)
    {
        (byte[][] first, _) = await MakeAsync(method, "{}", seed: 1);
        (byte[][] other, _) = await MakeAsync(method, "{}", seed: 2);

        other[0].ShouldNotBe(first[0]);
    }

    [Fact]
    public async Task Validate_OfALossThatEndsBelowItsBegin_NamesTheOption()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new UltrasoundPlugin());
        AugmentationMethod wrong = new() { Name = "depth-gain", Options = """{"attenuation_from": 20, "attenuation_to": 10}""" };

        (await Should.ThrowAsync<InvalidInputException>(() => plugin.Augmenter.ValidateAsync(wrong, Token))).Message
            .ShouldBe("attenuation_to: got 10; allowed: 20 to 40.");
    }

    private static async Task<(byte[][] Frames, AugmentedClipDescription How)> MakeAsync(string method, string options, long seed = 7)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new UltrasoundPlugin());
        AugmentationRequest request = new()
        {
            Method = new AugmentationMethod { Name = method, Options = options },
            Label = "lung",
            Source = new SourceClip { Id = "lung/1.mp4", Label = "lung", Clip = Clip() },
            Seed = seed,
            Shape = new ClipShape { Width = Side, Height = Side, NumFrames = 3 },
        };
        List<AugmentationUpdate> said = await plugin.Augmenter.AugmentAsync(request, Token).ToListAsync(Token);
        byte[][] frames = [.. said.OfType<AugmentedFrames>().SelectMany(made => made.Frames).Select(frame => frame.Pixels.ToArray())];
        return (frames, said.OfType<AugmentedClipDescription>().Single());
    }

    private static TestClip Clip() => new()
    {
        Width = Side, Height = Side, NumFrames = 3,
        Paint = (_, pixels) =>
        {
            pixels.Span.Fill(Grey);
            for (int y = 0; y < Side; y++)
            {
                pixels.Span.Slice(3 * y * Side, 3 * Black).Clear();
            }
        },
    };

    private static int At(byte[] frame, int x, int y) => frame[3 * ((y * Side) + x)];

    private static int[] Row(byte[] frame, int y) => [.. Enumerable.Range(0, Side).Select(x => At(frame, x, y))];
}
