using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using MedGen.Plugins.ImagingModality;
using MedGen.Sdk.Testing;
using MedGen.Sdk.Testing.Conformance;
using TorchSharp;

namespace MedGen.Classifiers.Training.Tests.ImagingModality;

[Collection("torch")] // torch counts tensors and draws random numbers for the whole process
public sealed class ImagingModalityPluginTests : IAsyncDisposable
{
    private readonly PluginUnderTest _plugin =
        PluginUnderTest.Start(new ImagingModalityPlugin(), RepositoryRoot.Path("plugins", "ImagingModality"));

    private readonly IVideoAnalyzer _analyzer;

    public ImagingModalityPluginTests() => _analyzer = _plugin.Analyzer("imaging-modality");

    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    public ValueTask DisposeAsync() => _plugin.DisposeAsync();

    [Theory]
    [MemberData(nameof(Checks))]
    public Task Plugin_UnderTheChecksOfTheSdk_KeepsItsContract(string check) =>
        new AnalyzerConformance(_analyzer).RunAsync(check, TestContext.Current.CancellationToken);

    [Fact]
    public async Task RunAsync_ShippedWeights_PassesTheSelfTest() =>
        await _plugin.SelfTestAsync(TestContext.Current.CancellationToken);

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
