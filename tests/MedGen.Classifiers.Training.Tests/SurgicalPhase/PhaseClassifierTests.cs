using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Plugins.SurgicalPhase;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Temporal;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Classifiers.Training.Tests.ImagingModality;
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
        _classifier = new PhaseClassifier(path, new InlineDeviceExecutor());
    }

    public void Dispose()
    {
        _classifier.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ClassifyAsync_LiveClip_AnswersEachSecondFromThatAndEarlierOnesOnly()
    {
        (List<FramePrediction> all, _, ClipPrediction clip) = await Classify(new Clip(30, isLive: true));
        (List<FramePrediction> prefix, _, _) = await Classify(new Clip(12, isLive: true));

        all.Count.ShouldBe(30);
        for (int t = 0; t < prefix.Count; t++)
        {
            prefix[t].Probabilities.ShouldBe(all[t].Probabilities);
            (prefix[t].Label, prefix[t].State, prefix[t].Since).ShouldBe((all[t].Label, all[t].State, all[t].Since));
        }

        FramePrediction one = all[7];
        one.Probabilities.Sum().ShouldBe(1, 1e-9);
        one.Entropy!.Value.ShouldBe(-one.Probabilities.Sum(p => p * Math.Log(p)), 1e-9);
        clip.Timeline.ShouldNotBeNull().Frames.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("online")]
    [InlineData("offline")]
    public async Task ClassifyAsync_StoredClip_GivesATimelineThatCoversIt(string mode)
    {
        (List<FramePrediction> frames, List<TransitionDetected> transitions, ClipPrediction clip) = await Classify(new Clip(40, isLive: false), ("mode", mode), ("dwell", "1"));

        ClipTimeline timeline = clip.Timeline.ShouldNotBeNull();
        timeline.IsRefined.ShouldBe(mode == "offline");
        timeline.Frames.Count.ShouldBe(frames.Count);
        timeline.Segments[0].Start.ShouldBe(TimeSpan.Zero);
        timeline.Segments[^1].End.ShouldBe(TimeSpan.FromSeconds(40));
        timeline.Segments.Zip(timeline.Segments.Skip(1)).ShouldAllBe(pair => pair.First.End == pair.Second.Start && pair.First.Label != pair.Second.Label);
        timeline.MissingLabels.ShouldBe(SurgicalWorkflow.Cholec80.Phases.Where(p => timeline.Segments.All(s => s.Label != p)));
        if (mode == "online")
        {
            transitions.Count.ShouldBe(timeline.Segments.Count - 1);
            transitions.Select(t => t.OnsetEstimate).ShouldBe(timeline.Segments.Skip(1).Select(s => s.Start));
        }
    }

    [Fact]
    public async Task ClassifyAsync_PausedSource_FillsTheGap()
    {
        (List<FramePrediction> paused, _, _) = await Classify(new Clip(6, isLive: true, second => second < 3 ? second : second + 4));
        (List<FramePrediction> whole, _, _) = await Classify(new Clip(10, isLive: true, second => second, picture: second => second < 3 ? second : Math.Max(2, second - 4)));

        paused[^1].Probabilities.ShouldBe(whole[^1].Probabilities);
    }

    [Theory]
    [InlineData(-1, "online")]
    [InlineData(-2, "offline")]
    [InlineData(-3, "online")]
    [InlineData(-4, "online")]
    public async Task ClassifyAsync_OfNoPictureAtAll_NamesNoPhase(int colour, string mode)
    {
        (List<FramePrediction> frames, List<TransitionDetected> transitions, ClipPrediction clip) =
            await Classify(new Clip(20, isLive: false, picture: _ => colour), ("mode", mode), ("dwell", "1"));

        frames.Count.ShouldBe(20);
        frames.ShouldAllBe(frame => frame.Label == "NoPicture" && frame.State == PredictionState.Unstated && frame.Since == TimeSpan.Zero);
        frames.ShouldAllBe(frame => frame.Probabilities.All(p => p == 1.0 / 7));
        transitions.ShouldBeEmpty();
        (clip.Label, clip.Abstained).ShouldBe(("NoPicture", true));
        LabelSegment segment = clip.Timeline.ShouldNotBeNull().Segments.ShouldHaveSingleItem();
        (segment.Label, segment.Start, segment.End, segment.MeanProbability).ShouldBe(("NoPicture", TimeSpan.Zero, TimeSpan.FromSeconds(20), 0));
        clip.Timeline.MissingLabels.Count.ShouldBe(7);
    }

    [Fact]
    public async Task ClassifyAsync_ATimeWithoutAPicture_IsASegmentAndAPauseOfTheNetwork()
    {
        // Seconds 5 to 14 are black; the network sees what it would see of a source that paused.
        (List<FramePrediction> black, _, ClipPrediction clip) = await Classify(new Clip(20, isLive: false, picture: second => second is >= 5 and < 15 ? -1 : second), ("dwell", "0"));
        (List<FramePrediction> paused, _, _) = await Classify(
            new Clip(10, isLive: false, second => second < 5 ? second : second + 10, picture: second => second < 5 ? second : second + 10), ("dwell", "0"));

        black.Where(frame => frame.Label == "NoPicture").Select(frame => frame.Timestamp.TotalSeconds).ShouldBe(Enumerable.Range(5, 10).Select(second => (double)second));
        black.Where(frame => frame.Label != "NoPicture").Select(frame => frame.Probabilities).ShouldBe(paused.Select(frame => frame.Probabilities));
        LabelSegment blank = clip.Timeline.ShouldNotBeNull().Segments.Single(segment => segment.Label == "NoPicture");
        (blank.Start, blank.End).ShouldBe((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)));
        clip.Abstained.ShouldBeFalse();
    }

    [Fact]
    public async Task ClassifyAsync_EmptyClip_IsRefused() => await Should.ThrowAsync<MediaException>(() => Classify(new Clip(0, isLive: true)));

    [Fact]
    public void ClassifyAsync_UnknownParameter_IsRefusedBeforeAnyFrame() => Should.Throw<InvalidInputException>(
        () => _classifier.ClassifyAsync(new Clip(1, isLive: true), new ClassificationOptions { Parameters = new Dictionary<string, string> { ["x"] = "1" } }, CancellationToken.None));

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

    private async Task<(List<FramePrediction> Frames, List<TransitionDetected> Transitions, ClipPrediction Clip)> Classify(IVideoClip clip, params (string Name, string Value)[] parameters)
    {
        var frames = new List<FramePrediction>();
        var transitions = new List<TransitionDetected>();
        ClassificationOptions options = new() { Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) };
        await foreach (ClassificationUpdate update in _classifier.ClassifyAsync(clip, options, TestContext.Current.CancellationToken))
        {
            switch (update)
            {
                case FramePrediction frame:
                    frames.Add(frame);
                    break;
                case TransitionDetected transition:
                    transitions.Add(transition);
                    break;
                case ClipPrediction answer:
                    return (frames, transitions, answer);
            }
        }

        throw new InvalidOperationException("There was no answer for the clip.");
    }

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
