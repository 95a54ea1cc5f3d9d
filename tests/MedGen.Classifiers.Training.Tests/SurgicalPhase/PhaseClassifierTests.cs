using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Plugins.SurgicalPhase;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Temporal;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Sdk.Testing;
using MedGen.Sdk.Testing.Conformance;
using MedGen.Sdk.Testing.Fakes;
using TorchSharp;

namespace MedGen.Classifiers.Training.Tests.SurgicalPhase;

/// <summary>The plugin's classifier over random weights: everything but whether the phases are right.</summary>
[Collection("torch")] // torch counts tensors for the whole process
public sealed class PhaseClassifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-phases-").FullName;
    private readonly PhaseClassifier _classifier;

    public PhaseClassifierTests()
    {
        string path = Path.Combine(_folder, "phases.safetensors");
        WriteRandomWeights(path);
        _classifier = new PhaseClassifier(path, new TestDeviceExecutor());
    }

    public void Dispose()
    {
        _classifier.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Plugin_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using PluginUnderTest plugin = PluginUnderTest.Start(new SurgicalPhasePlugin(), RepositoryRoot.Path("plugins", "SurgicalPhase"));
        await new AnalyzerConformance(plugin.Analyzer("surgical-phase")).RunAsync(check, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AnalyzeAsync_LiveClip_AnswersEachSecondFromThatAndEarlierOnesOnly()
    {
        Analyzed all = await Analyze(new Clip(30, isLive: true));
        Analyzed prefix = await Analyze(new Clip(12, isLive: true));

        all.Frames.Count.ShouldBe(30);
        for (int t = 0; t < prefix.Frames.Count; t++)
        {
            prefix.Frames[t].Probabilities.ShouldBe(all.Frames[t].Probabilities);
            (prefix.Frames[t].Labels[0], prefix.Frames[t].State, prefix.Frames[t].Since).ShouldBe((all.Frames[t].Labels[0], all.Frames[t].State, all.Frames[t].Since));
        }

        all.Frames[7].Probabilities.Sum().ShouldBe(1, 1e-9);
        Course(all).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("online")]
    [InlineData("offline")]
    public async Task AnalyzeAsync_StoredClip_GivesATimelineThatCoversIt(string mode)
    {
        Analyzed answer = await Analyze(new Clip(40, isLive: false), $$"""{ "mode": "{{mode}}", "dwell": 1 }""");

        (TimeSpan Start, TimeSpan End, string Label)[] parts = Parts(answer);
        Course(answer).Length.ShouldBe(answer.Frames.Count);
        parts[0].Start.ShouldBe(TimeSpan.Zero);
        parts[^1].End.ShouldBe(TimeSpan.FromSeconds(40));
        parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.End == pair.Second.Start && pair.First.Label != pair.Second.Label);
        Missing(answer).ShouldBe(SurgicalWorkflow.Cholec80.Phases.Where(phase => parts.All(part => part.Label != phase)));
        if (mode == "online")
        {
            TransitionFinding[] transitions = [.. answer.Final.OfType<TransitionFinding>()];
            transitions.Length.ShouldBe(parts.Length - 1);
            transitions.Select(transition => transition.Onset).ShouldBe(parts.Skip(1).Select(part => part.Start));
        }
    }

    [Fact]
    public async Task AnalyzeAsync_PausedSource_FillsTheGap()
    {
        Analyzed paused = await Analyze(new Clip(6, isLive: true, second => second < 3 ? second : second + 4));
        Analyzed whole = await Analyze(new Clip(10, isLive: true, second => second, picture: second => second < 3 ? second : Math.Max(2, second - 4)));

        paused.Frames[^1].Probabilities.ShouldBe(whole.Frames[^1].Probabilities);
    }

    [Theory]
    [InlineData(-1, "online")]
    [InlineData(-2, "offline")]
    [InlineData(-3, "online")]
    [InlineData(-4, "online")]
    public async Task AnalyzeAsync_OfNoPictureAtAll_NamesNoPhase(int colour, string mode)
    {
        Analyzed answer = await Analyze(new Clip(20, isLive: false, picture: _ => colour), $$"""{ "mode": "{{mode}}", "dwell": 1 }""");

        answer.Frames.Count.ShouldBe(20);
        answer.Frames.ShouldAllBe(frame => frame.Labels[0] == "NoPicture" && frame.State == LabelState.Unstated && frame.Since == TimeSpan.Zero);
        answer.Frames.ShouldAllBe(frame => frame.Probabilities.All(p => p == 1.0 / 7));
        answer.Final.OfType<TransitionFinding>().ShouldBeEmpty();
        answer.Final.OfType<LabelFinding>().First(finding => finding is { Output: "phase", Scope: ClipScope }).Labels.ShouldBe(["NoPicture"]);
        Parts(answer).ShouldBe([(TimeSpan.Zero, TimeSpan.FromSeconds(20), "NoPicture")]);
        Missing(answer).Count.ShouldBe(7);
    }

    [Fact]
    public async Task AnalyzeAsync_ATimeWithoutAPicture_IsAPartOfItsOwnAndAPauseOfTheNetwork()
    {
        // Seconds 5 to 14 are black; the network sees what it would see of a source that paused.
        Analyzed black = await Analyze(new Clip(20, isLive: false, picture: second => second is >= 5 and < 15 ? -1 : second), """{ "dwell": 0 }""");
        Analyzed paused = await Analyze(
            new Clip(10, isLive: false, second => second < 5 ? second : second + 10, picture: second => second < 5 ? second : second + 10), """{ "dwell": 0 }""");

        black.Frames.Where(frame => frame.Labels[0] == "NoPicture").Select(frame => ((FrameScope)frame.Scope).Timestamp.TotalSeconds)
            .ShouldBe(Enumerable.Range(5, 10).Select(second => (double)second));
        black.Frames.Where(frame => frame.Labels[0] != "NoPicture").Select(frame => frame.Probabilities).ShouldBe(paused.Frames.Select(frame => frame.Probabilities));
        Parts(black).Single(part => part.Label == "NoPicture").ShouldBe((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), "NoPicture"));
    }

    [Fact]
    public async Task AnalyzeAsync_EmptyClip_IsRefused() => await Should.ThrowAsync<MediaException>(() => Analyze(new Clip(0, isLive: true)));

    [Fact]
    public async Task ValidateAsync_UnknownParameter_IsRefused() =>
        await Should.ThrowAsync<InvalidInputException>(() => Analyze(new Clip(1, isLive: true), """{ "x": 1 }"""));

    [Fact]
    public async Task RunAsync_SoundWeights_PassesTheSelfTest() => await _classifier.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public void Load_TruncatedWeights_NamesTheFile()
    {
        string path = Path.Combine(_folder, "phases.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        string broken = Path.Combine(_folder, "broken.safetensors");
        File.WriteAllBytes(broken, bytes[..^1000]);

        Should.Throw<ModelFormatException>(() => PhaseRecognizer.Load(broken, torch.CPU)).Message.ShouldContain("broken.safetensors");
    }

    internal static void WriteRandomWeights(string path)
    {
        using var generator = new torch.Generator(7);
        using FrameNetwork frame = FrameNetwork.Create(7, generator);
        TemporalNetworkConfig config = new() { FeatureLength = FrameNetwork.FeatureLength, Classes = 7, Maps = 16, Layers = 4 };
        using TemporalNetwork temporal = TemporalNetwork.Create(config, generator);
        PhaseRecognizer.Save(path, frame, temporal, new PhaseRecognizerMetadata
        {
            Labels = SurgicalWorkflow.Cholec80.Phases,
            Transitions = [.. SurgicalWorkflow.Cholec80.Transitions.Select(t => (IReadOnlyList<int>)[t.From, t.To])],
            Temporal = config,
            Temperature = 1,
            ChangeCost = 0.1,
            TrainingData = "none",
            TrainingDataHash = new string('0', 64),
            Seed = 7,
        });
    }

    private Task<Analyzed> Analyze(IVideoClip clip, string parameters = "{}") => Analyzed.RunAsync(_classifier, clip, parameters);

    // The parts of the film, in order.
    private static (TimeSpan Start, TimeSpan End, string Label)[] Parts(Analyzed answer) =>
    [
        .. answer.Final.OfType<LabelFinding>().Where(finding => finding is { Output: "phase", Scope: SpanScope })
            .Select(finding => (((SpanScope)finding.Scope).Start, ((SpanScope)finding.Scope).End, finding.Labels[0])),
    ];

    // What is said of each second once the film has ended.
    private static LabelFinding[] Course(Analyzed answer) =>
        [.. answer.Final.OfType<LabelFinding>().Where(finding => finding is { Output: "phase", Scope: FrameScope })];

    private static IReadOnlyList<string> Missing(Analyzed answer) => answer.Final.OfType<LabelFinding>().Single(finding => finding.Output == "missing").Labels;

    /// <summary>A frame a second; each picture follows from its number, below 0 one of a plain colour.</summary>
    private sealed class Clip(int seconds, bool isLive, Func<int, int>? time = null, Func<int, int>? picture = null) : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 48, Height = 48, FrameRate = 1 };

        public bool IsLive => isLive;

        // Black, a recorder's "no signal" blue, white and grey: the pictures of the numbers below 0.
        private static readonly byte[][] PlainColours = [[0, 0, 0], [0, 0, 200], [255, 255, 255], [128, 128, 128]];

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (int i = 0; i < seconds; i++)
            {
                VideoFrame frame = VideoFrame.Rent(48, 48, i, TimeSpan.FromSeconds(time?.Invoke(i) ?? i));
                int number = picture?.Invoke(i) ?? i;
                if (number >= 0)
                {
                    new Random(number).NextBytes(frame.WritablePixels.Span);
                }
                else
                {
                    Fill(frame.WritablePixels.Span, PlainColours[-number - 1]);
                }

                yield return frame;
            }
        }

        private static void Fill(Span<byte> pixels, byte[] colour)
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = colour[i % colour.Length];
            }
        }
    }
}
