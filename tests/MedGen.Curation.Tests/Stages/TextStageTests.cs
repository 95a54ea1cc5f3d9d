using MedGen.Curation.Specifications;
using MedGen.Media;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;
using TextReader = MedGen.Curation.Stages.TextReader;

namespace MedGen.Curation.Tests.Stages;

public class TextStageTests
{
    [Fact]
    public async Task CountWords_OfASlide_AreItsWords_AndOfARetinaNone()
    {
        Assert.SkipUnless(TextReader.Program is not null, "tesseract is not installed (apt-get install tesseract-ocr).");
        TextReader reader = new(new TextSpec());

        (await CountAsync(reader, RepositoryRoot.Path("samples", "raw", "slide.png"))).ShouldBeInRange(21, 40);
        (await CountAsync(reader, Fixtures.Path("clips", "OP", "retina_haggstrom.png"))).ShouldBe(0);
    }

    private static async Task<int> CountAsync(TextReader reader, string path)
    {
        using ServiceProvider services = new ServiceCollection().AddMedGenMedia().BuildServiceProvider();
        IVideoClip picture = await services.GetRequiredService<IVideoReader>()
            .OpenAsync(path, TestContext.Current.CancellationToken);
        await foreach (VideoFrame frame in picture.ReadFramesAsync(FrameSampling.All, TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                return await reader.CountWordsAsync(frame, TestContext.Current.CancellationToken);
            }
        }

        throw new InvalidOperationException("The picture has no frame.");
    }
}
