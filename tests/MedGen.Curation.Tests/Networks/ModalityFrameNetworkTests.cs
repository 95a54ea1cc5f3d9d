using MedGen.Curation.Networks;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Curation.Tests.Networks;

public class ModalityFrameNetworkTests
{
    private static readonly string Weights = RepositoryRoot.Path("plugins", "ImagingModality", "weights", "modality.safetensors");

    [Fact]
    public async Task Look_UltrasoundAndSlide_TellsTheMedicalOne()
    {
        using ModalityFrameNetwork network = ModalityFrameNetwork.Load(Weights);

        FrameLook[] lung = await LookAsync(network, RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4"));
        FrameLook[] slide = await LookAsync(network, RepositoryRoot.Path("samples", "raw", "slide.png"));

        lung.ShouldAllBe(look => look.Answer!.Medical > 0.5);
        slide.Single().Answer!.Medical.ShouldBeLessThan(0.5);
        network.Modality([.. lung.Select(look => look.Answer!)]).ShouldBe("US");
        network.Similarity(lung[0], lung[0]).ShouldBe(1, 1e-4);
        network.Similarity(lung[0], lung[1]).ShouldBeGreaterThan(0.95);
        network.Similarity(lung[0], slide[0]).ShouldBeLessThan(0.95);
    }

    [Fact]
    public async Task Look_FlatFrame_SaysNothingOfIt()
    {
        using ModalityFrameNetwork network = ModalityFrameNetwork.Load(Weights);
        using VideoFrame black = VideoFrame.Wrap(new byte[64 * 48 * 3], 64, 48);

        FrameLook look = await network.LookAsync(black, TestContext.Current.CancellationToken);

        look.Answer.ShouldBeNull();
        network.Similarity(look, look).ShouldBe(1);
    }

    [Fact]
    public void Load_HeadOfOtherFeatures_IsRefused() =>
        Should.Throw<ModelFormatException>(() => ModalityFrameNetwork.Load(Weights, MedicalHead.Shipped() with { FeaturesSha256 = new string('0', 64) }))
            .Message.ShouldContain("000000000000…");

    [Fact]
    public void Probability_IsTheLogisticFunctionOfTheLayer()
    {
        MedicalHead head = new() { FeaturesSha256 = "", Weights = [1, -2], Bias = 0.5f };

        head.Probability([2, 1]).ShouldBe(1 / (1 + Math.Exp(-0.5)), 1e-9);
        Should.Throw<ModelFormatException>(() => head.Probability([1])).Message.ShouldContain("2 weights, and the network 1 features");
    }

    private static async Task<FrameLook[]> LookAsync(ModalityFrameNetwork network, string path)
    {
        using ServiceProvider services = new ServiceCollection().AddMedGenMedia().BuildServiceProvider();
        IVideoClip clip = await services.GetRequiredService<IVideoReader>().OpenAsync(path, TestContext.Current.CancellationToken);
        FrameSampling sampling = clip.Info.FrameRate is null ? FrameSampling.All : new FrameSampling { FramesPerSecond = 1 };
        List<FrameLook> looks = [];
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                looks.Add(await network.LookAsync(frame, TestContext.Current.CancellationToken));
            }
        }

        return [.. looks];
    }
}
