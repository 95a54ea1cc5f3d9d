using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using MedGen.Plugins.ImagingModality;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;

namespace MedGen.Classifiers.Training.Tests.ImagingModality;

[Collection("torch")] // torch counts tensors and draws random numbers for the whole process
public sealed class ImagingModalityPluginTests : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IVideoClassifier _classifier;

    public ImagingModalityPluginTests()
    {
        string folder = RepositoryRoot.Path("plugins", "ImagingModality");
        var services = new ServiceCollection();
        services.AddSingleton<IDeviceExecutor>(new InlineDeviceExecutor());
        var manifest = new PluginManifest
        {
            Id = "medgen.imaging-modality",
            Version = "0.1.0",
            Name = "Imaging modality",
            Publisher = "MedGen Platform",
            Sdk = "[0.1,0.2)",
            EntryAssembly = "MedGen.Plugins.ImagingModality.dll",
            Capabilities = [],
        };
        new ImagingModalityPlugin().ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = folder });
        _services = services.BuildServiceProvider();
        _classifier = _services.GetRequiredService<IVideoClassifier>();
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task RunAsync_ShippedWeights_PassesTheSelfTest() =>
        await _services.GetRequiredService<IPluginSelfTest>().RunAsync(TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("US/lung_reg_pat1image_133043.mp4", "US")]
    [InlineData("DX/chest_223_cae2c0a9.png", "DX")]
    [InlineData("OP/chasedb1_02l.png", "OP")]
    [InlineData("ES/laparoscopy_timelapse_00001_21711.mp4", "ES")]
    public async Task ClassifyAsync_SharedClip_NamesItsModality(string path, string label)
    {
        (List<FramePrediction> frames, ClipPrediction answer) = await Classify(await Open(path));

        answer.Label.ShouldBe(label);
        answer.FrameCount.ShouldBe(frames.Count);
        frames.Count.ShouldBeInRange(1, 18);
        answer.Probabilities.Sum().ShouldBe(1, 1e-9);
        answer.Probability.ShouldBe(answer.Probabilities.Max());
        foreach (FramePrediction frame in frames)
        {
            frame.Probabilities.Sum().ShouldBe(1, 1e-9);
        }
    }

    [Fact]
    public async Task ClassifyAsync_FlatFrame_Abstains()
    {
        (_, ClipPrediction answer) = await Classify(new OneFrameClip(VideoFrame.Wrap(new byte[64 * 64 * 3], 64, 64)));

        answer.Abstained.ShouldBeTrue();
        answer.Label.ShouldBe("unknown");
    }

    [Fact]
    public async Task ClassifyAsync_Twice_GivesTheSameAnswerAndLeavesNoTensors()
    {
        IVideoClip clip = await Open("DX/chest_223_cae2c0a9.png");
        (_, ClipPrediction first) = await Classify(clip);
        long before = LiveTensors();
        (_, ClipPrediction second) = await Classify(clip);

        second.Probabilities.ShouldBe(first.Probabilities);
        LiveTensors().ShouldBe(before);
    }

    private static Task<IVideoClip> Open(string path) =>
        Readers.Create().OpenAsync(Fixtures.Path("clips", path), TestContext.Current.CancellationToken);

    private async Task<(List<FramePrediction> Frames, ClipPrediction Answer)> Classify(IVideoClip clip)
    {
        var frames = new List<FramePrediction>();
        await foreach (ClassificationUpdate update in _classifier.ClassifyAsync(clip, ClassificationOptions.Default, TestContext.Current.CancellationToken))
        {
            if (update is ClipPrediction answer)
            {
                return (frames, answer);
            }

            frames.Add((FramePrediction)update);
        }

        throw new InvalidOperationException("There was no answer for the clip.");
    }

    private sealed class OneFrameClip(VideoFrame frame) : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = frame.Width, Height = frame.Height, FrameCount = 1 };

        public bool IsLive => false;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
            FrameSampling sampling, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return frame.Clone();
        }
    }

    // What earlier tests left to the collector is collected first.
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
