using MedGen.Sdk.Analysis;
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
    private readonly IVideoAnalyzer _analyzer;

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
        _analyzer = _services.GetRequiredService<IVideoAnalyzer>();
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
    public async Task AnalyzeAsync_SharedClip_NamesItsModality(string path, string label)
    {
        Analyzed answer = await Analyzed.RunAsync(_analyzer, await Open(path));

        LabelFinding whole = answer.Final.ShouldHaveSingleItem().ShouldBeOfType<LabelFinding>();
        whole.Labels.ShouldBe([label]);
        whole.Probabilities.Sum().ShouldBe(1, 1e-9);
        answer.Frames.Count.ShouldBe(answer.FramesAnalyzed);
        answer.Frames.Count.ShouldBeInRange(1, 18);
        answer.Frames.ShouldAllBe(frame => Math.Abs(frame.Probabilities.Sum() - 1) < 1e-9);
    }

    [Fact]
    public async Task AnalyzeAsync_FlatFrame_Abstains()
    {
        Analyzed answer = await Analyzed.RunAsync(_analyzer, new OneFrameClip(VideoFrame.Wrap(new byte[64 * 64 * 3], 64, 64)));

        answer.Final.ShouldHaveSingleItem().ShouldBeOfType<LabelFinding>().Labels.ShouldBe([_analyzer.Describe().Outputs[0].AbstentionLabel!]);
    }

    [Fact]
    public async Task AnalyzeAsync_Twice_GivesTheSameAnswerAndLeavesNoTensors()
    {
        IVideoClip clip = await Open("DX/chest_223_cae2c0a9.png");
        Analyzed first = await Analyzed.RunAsync(_analyzer, clip);
        long before = LiveTensors.Count();
        Analyzed second = await Analyzed.RunAsync(_analyzer, clip);

        ((LabelFinding)second.Final[0]).Probabilities.ShouldBe(((LabelFinding)first.Final[0]).Probabilities);
        LiveTensors.Count().ShouldBe(before);
    }

    private static Task<IVideoClip> Open(string path) =>
        Readers.Create().OpenAsync(Fixtures.Path("clips", path), TestContext.Current.CancellationToken);

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
}
