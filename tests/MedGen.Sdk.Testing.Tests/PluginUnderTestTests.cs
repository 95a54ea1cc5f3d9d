using HelloClassifier;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Sdk.Testing.Tests;

public class PluginUnderTestTests
{
    [Fact]
    public async Task Analyzer_OfAnUnknownTask_NamesThoseThatThereAre()
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new HelloPlugin());

        InvalidOperationException exception = Should.Throw<InvalidOperationException>(() => plugin.Analyzer("polyps"));

        exception.Message.ShouldBe("task: got 'polyps', which 0 analyzers have; allowed: brightness.");
    }

    [Fact]
    public async Task Start_WithAServiceToLend_LendsItInsteadOfItsOwn()
    {
        TestModel model = new();

        await using PluginUnderTest plugin = PluginUnderTest.Start(new HelloPlugin(), lend: services => services.AddSingleton<IMedGenModel>(model));

        plugin.Services.GetRequiredService<IMedGenModel>().ShouldBeSameAs(model);
    }

    [Fact]
    public async Task ExtractFeaturesAsync_OfTheTestModel_AreTheBrightnessOfBlocks()
    {
        byte[] pixels = new byte[8 * 16 * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = i / 3 % 16 < 8 ? byte.MaxValue : (byte)0; // left half white
        }

        using VideoFrame frame = VideoFrame.Wrap(pixels, 16, 8);
        ModelFeatures features = await new TestModel().ExtractFeaturesAsync([frame], "block.0", 0, TestContext.Current.CancellationToken);

        features.Shape.ShouldBe([1, 1, 1, 2]);
        features.Values.ToArray()[0].ShouldBe(1, 1e-4);
        features.Values.ToArray()[1].ShouldBe(0);
    }

    [Fact]
    public async Task ExtractFeaturesAsync_OfAnOddSize_IsRefused()
    {
        using VideoFrame frame = VideoFrame.Rent(9, 8);

        InvalidInputException exception = await Should.ThrowAsync<InvalidInputException>(
            () => new TestModel().ExtractFeaturesAsync([frame], "block.0", 0, TestContext.Current.CancellationToken));

        exception.Message.ShouldContain("multiples of 8 px");
    }

    [Theory]
    [InlineData(FirstFrameFit.Crop, 200, 200, 200)]
    [InlineData(FirstFrameFit.Pad, 0, 200, 0)]
    public async Task GenerateAsync_OfTheTestModel_BeginsWithThePicture(FirstFrameFit fit, int top, int middle, int bottom)
    {
        using VideoFrame picture = VideoFrame.Rent(96, 48); // twice as wide as high
        picture.WritablePixels.Span.Fill(200);
        List<VideoFrame> frames = await FramesAsync(new TestModel(), Begin(picture, fit));

        frames.Count.ShouldBe(5);
        new[] { 0, 32, 63 }.Select(y => (int)frames[0].Pixels.Span[((y * 64) + 5) * 3]).ShouldBe([top, middle, bottom]);
        frames[1].Pixels.Span.SequenceEqual(frames[0].Pixels.Span).ShouldBeFalse();
        frames.ForEach(frame => frame.Dispose());
    }

    [Fact]
    public async Task GenerateAsync_OfATestModelThatTakesNoPicture_RefusesItByName()
    {
        using VideoFrame picture = VideoFrame.Rent(64, 64);
        TestModel model = new() { Description = new TestModel().Description with { TakesFirstFrame = false } };

        InvalidInputException exception = await Should.ThrowAsync<InvalidInputException>(() => FramesAsync(model, Begin(picture, FirstFrameFit.Crop)));

        exception.Violations.ShouldHaveSingleItem().Field.ShouldBe("first_frame");
    }

    private static VideoGenerationRequest Begin(VideoFrame picture, FirstFrameFit fit) => new()
    {
        Prompt = "a lung", Seed = 1, Width = 64, Height = 64, NumFrames = 5, FirstFrame = picture, FirstFrameFit = fit,
    };

    private static async Task<List<VideoFrame>> FramesAsync(TestModel model, VideoGenerationRequest request)
    {
        List<VideoFrame> frames = [];
        await foreach (GenerationUpdate update in model.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            frames.AddRange((update as GeneratedFrames)?.Frames ?? []);
        }

        return frames;
    }
}
