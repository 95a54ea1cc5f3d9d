using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Models;
using MedGen.Torch.Metrics;
using Shouldly;

namespace MedGen.Torch.Tests.Metrics;

public sealed class FrechetVideoDistanceTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfAsync_OverAModelsLatents_IsTheDistanceOfTheirMeansAndSaysOverWhat()
    {
        // The two channels are a clip's first value and 10: means 2 and 6, the same spread, so (6 − 2)².
        FrechetVideoDistance distance = await FrechetVideoDistance.OfAsync(Clips(1, 2, 3), Clips(5, 6, 7), new SharedModelFeatures(new TinyModel(), "autoencoder"), Token);

        distance.Distance.ShouldBe(16, 1e-6);
        distance.ToString().ShouldBe("FVD 16: 3 against 3 clips, 2 frames of 4 × 2 px, 2 features of tiny aaaaaaaaaaaa, autoencoder, mean over places");
    }

    [Fact]
    public async Task OfAsync_OfClipsOfTwoShapesOrTooFew_NamesThem()
    {
        SharedModelFeatures network = new(new TinyModel(), "autoencoder");

        (await Should.ThrowAsync<ArgumentException>(() => FrechetVideoDistance.OfAsync(Clips(1, 2), [.. Clips(1), [Frame(1, 8)]], network, Token)))
            .Message.ShouldBe("Got clips of 2 frames of 4 × 2 px, 1 frames of 8 × 2 px; one shape is needed.");
        (await Should.ThrowAsync<ArgumentException>(() => FrechetVideoDistance.OfAsync(Clips(1), Clips(1, 2), network, Token))).Message.ShouldContain("1 and 2 clips");
    }

    private static IReadOnlyList<IReadOnlyList<VideoFrame>> Clips(params byte[] values) => [.. values.Select(value => (IReadOnlyList<VideoFrame>)[Frame(value, 4), Frame(value, 4)])];

    private static VideoFrame Frame(byte value, int width) => VideoFrame.Wrap(Enumerable.Repeat(value, width * 2 * 3).ToArray(), width, 2);

    private sealed class TinyModel : IMedGenModel
    {
        public ModelDescription Description { get; } = new()
        {
            Name = "tiny", Variant = "test", Hash = new string('a', 64), Device = "cpu", DataType = "float32", Parameters = 1, MaxTextTokens = 1, IsTrained = true,
            Defaults = new GenerationDefaults { NumInferenceSteps = 1, GuidanceScale = 1, Shift = 1 },
        };

        public IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        // [2, 1, 1, 2]
        public Task<ModelFeatures> ExtractFeaturesAsync(IReadOnlyList<VideoFrame> frames, string layer, double timestep, CancellationToken cancellationToken) =>
            Task.FromResult(new ModelFeatures { Layer = layer, Shape = [2, 1, 1, 2], Values = new float[] { frames[0].Pixels.Span[0] - 1, frames[0].Pixels.Span[0] + 1, 10, 10 } });
    }
}
