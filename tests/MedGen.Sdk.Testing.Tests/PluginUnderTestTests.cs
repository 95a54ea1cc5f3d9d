using HelloClassifier;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
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
}
