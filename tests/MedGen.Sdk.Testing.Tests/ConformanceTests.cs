using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Testing.Conformance;

namespace MedGen.Sdk.Testing.Tests;

/// <summary>Every check fails for a plugin that breaks what it is about, and says what it got.</summary>
public class ConformanceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("description", Fault.NoLabels, "outputs[0].labels: has 0")]
    [InlineData("description", Fault.OtherDescription, "the second differs from the first")]
    [InlineData("stored-clip", Fault.WrongSum, "findings[0].probabilities: add up to 2")]
    [InlineData("stored-clip", Fault.NoEnd, "the answer ended without AnalysisCompleted")]
    [InlineData("stored-clip", Fault.KeepsFrames, "17 frames are not disposed")]
    [InlineData("live-clip", Fault.ReadsAhead, "the findings of frame 0 came after frame 1 was read")]
    [InlineData("smallest-clip", Fault.NeedsMore, "got IndexOutOfRangeException")]
    [InlineData("empty-clip", Fault.NeedsMore, "got IndexOutOfRangeException")]
    [InlineData("broken-clip", Fault.WrapsErrors, "got InvalidOperationException")]
    [InlineData("concurrency", Fault.OneAtATime, "got InvalidOperationException")]
    public async Task Analyzer_ThatBreaksTheContract_FailsTheCheck(string check, Fault fault, string got)
    {
        AnalyzerConformance suite = new(new FaultyAnalyzer(fault));

        ConformanceException exception = await Should.ThrowAsync<ConformanceException>(() => suite.RunAsync(check, Token));

        exception.Check.ShouldBe(check);
        exception.Message.ShouldStartWith($"{check}: ");
        exception.Message.ShouldContain(got);
        exception.Message.ShouldContain("; allowed: ");
    }

    [Fact]
    [Long]
    public async Task Analyzer_ThatIgnoresItsToken_FailsTheCheck()
    {
        AnalyzerConformance suite = new(new FaultyAnalyzer(Fault.IgnoresToken));

        ConformanceException exception = await Should.ThrowAsync<ConformanceException>(() => suite.RunAsync("cancellation", Token));

        exception.Message.ShouldContain("still runs 10 s after it was cancelled");
    }

    [Fact]
    public async Task Analyzer_WithoutFaults_PassesAllChecks() => await new AnalyzerConformance(new FaultyAnalyzer(Fault.None)).RunAllAsync(Token);

    [Fact]
    public async Task RunAsync_OfAnUnknownCheck_NamesThoseThatThereAre()
    {
        AnalyzerConformance suite = new(new FaultyAnalyzer(Fault.None));

        ArgumentOutOfRangeException exception = await Should.ThrowAsync<ArgumentOutOfRangeException>(() => suite.RunAsync("speed", Token));

        exception.Message.ShouldContain(string.Join(", ", AnalyzerConformance.Checks));
    }

    [Theory]
    [InlineData("description", "", 64, 5, false, "summary: has 0 characters")]
    [InlineData("clip", "x", 32, 5, false, "got a frame of 32x32 px; allowed: 64x64 px")]
    [InlineData("clip", "x", 64, 4, false, "got 4 frames; allowed: 5")]
    [InlineData("same-request", "x", 64, 5, true, "the second clip differs from the first")]
    public async Task Generator_ThatBreaksTheContract_FailsTheCheck(
        string check, string summary, int side, int frames, bool drifts, string got)
    {
        GeneratorConformance suite = new(new FaultyGenerator(summary, side, frames, drifts));

        ConformanceException exception = await Should.ThrowAsync<ConformanceException>(() => suite.RunAsync(check, Token));

        exception.Message.ShouldContain(got);
    }

    [Theory]
    [InlineData(FirstFrameAnswer.Ignores, "two pictures make the same clip; allowed: a clip that begins with its picture")]
    [InlineData(FirstFrameAnswer.Disposes, "the picture is disposed")]
    [InlineData(FirstFrameAnswer.RefusesAnotherField, "a refusal of width; allowed: a clip, or a refusal of first_frame")]
    [InlineData(FirstFrameAnswer.Breaks, "got NotSupportedException")]
    public async Task Generator_ThatSaysItTakesAFirstFrameAndDoesNot_FailsTheCheck(FirstFrameAnswer answer, string got)
    {
        GeneratorConformance suite = new(new BeginningGenerator(answer));

        (await Should.ThrowAsync<ConformanceException>(() => suite.RunAsync("first-frame", Token))).Message.ShouldContain(got);
    }

    [Theory]
    [InlineData(FirstFrameAnswer.Begins)]
    [InlineData(FirstFrameAnswer.Refuses)]
    [InlineData(FirstFrameAnswer.SaysItTakesNone)]
    public async Task Generator_ThatBeginsWithAPictureOrRefusesItByName_PassesAllChecks(FirstFrameAnswer answer) =>
        await new GeneratorConformance(new BeginningGenerator(answer)).RunAllAsync(Token);

    [Theory]
    [InlineData("description", "Upper", 1, false, "methods[0].name: has 5 characters")]
    [InlineData("unknown-method", "any", 1, false, "lets a method pass")]
    [InlineData("clip", "any", 2, false, "any: got 2 descriptions")]
    [InlineData("same-request", "any", 1, true, "any: the second clip differs from the first")]
    public async Task Augmenter_ThatBreaksTheContract_FailsTheCheck(string check, string method, int descriptions, bool drifts, string got)
    {
        AugmenterConformance suite = new(new FaultyAugmenter(method, descriptions, drifts));

        ConformanceException exception = await Should.ThrowAsync<ConformanceException>(() => suite.RunAsync(check, Token));

        exception.Message.ShouldContain(got);
    }

    [Fact]
    public async Task Analyzer_OfGreyFrames_GetsThemAsAHostGivesThem()
    {
        GreyAnalyzer analyzer = new();

        await new AnalyzerConformance(analyzer).RunAllAsync(Token);

        analyzer.Seen.Order().ShouldBe([FrameFormat.Gray8, FrameFormat.Gray16]); // live, and stored
    }

    private sealed class GreyAnalyzer : IVideoAnalyzer
    {
        public System.Collections.Concurrent.ConcurrentDictionary<FrameFormat, bool> Formats { get; } = [];

        public IEnumerable<FrameFormat> Seen => Formats.Keys;

        public AnalyzerDescription Describe() => new()
        {
            Task = "grey",
            Summary = "Measures.",
            Inputs = [new AnalyzerInput { Description = "A scan.", Formats = [FrameFormat.Gray16, FrameFormat.Gray8] }],
            Outputs = [new AnalyzerOutput { Name = "mean", Description = "It.", Kind = OutputKind.Measurement, Unit = "1" }],
        };

        public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
            AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            int frames = 0;
            await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
            {
                Formats[frame.Format] = true;
                double first = frame.Format == FrameFormat.Gray16 ? request.Clip.Info.Values!.Of(frame.Values[0]) : frame.Pixels.Span[0];
                frame.Dispose();
                frames++;
                yield return new InterimFindings
                {
                    Findings = [new MeasurementFinding { Output = "mean", Value = first, Scope = FindingScope.Frame(frame) }],
                };
            }

            yield return new AnalysisCompleted { FramesAnalyzed = frames };
        }
    }

    public enum Fault
    {
        None,
        NoLabels,
        OtherDescription,
        WrongSum,
        NoEnd,
        KeepsFrames,
        ReadsAhead,
        NeedsMore,
        WrapsErrors,
        OneAtATime,
        IgnoresToken,
    }

    private sealed class FaultyAnalyzer(Fault fault) : IVideoAnalyzer
    {
        private int _descriptions;
        private int _running;

        public AnalyzerDescription Describe() => new()
        {
            Task = "faulty",
            Summary = fault == Fault.OtherDescription ? $"The {_descriptions++}. description." : "Has faults.",
            Outputs =
            [
                new AnalyzerOutput
                {
                    Name = "out",
                    Description = "It.",
                    Kind = OutputKind.Labels,
                    Labels = OutputLabel.Of(fault == Fault.NoLabels ? [] : ["a", "b"]),
                    Exclusive = true,
                },
            ],
        };

        public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
            AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (fault == Fault.OneAtATime && Interlocked.Increment(ref _running) > 1)
            {
                throw new InvalidOperationException("It is at work.");
            }

            List<VideoFrame> frames = [];
            await using IAsyncEnumerator<VideoFrame> clip = request.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken)
                .GetAsyncEnumerator(fault == Fault.IgnoresToken ? CancellationToken.None : cancellationToken);
            while (await MoveNextAsync(clip))
            {
                frames.Add(clip.Current);
                if (fault == Fault.IgnoresToken)
                {
                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                }

                int about = fault == Fault.ReadsAhead ? frames.Count - 2 : frames.Count - 1;
                if (about >= 0)
                {
                    yield return new InterimFindings { Findings = [Finding(FindingScope.Frame(frames[about]))] };
                }
            }

            if (fault != Fault.KeepsFrames)
            {
                frames.ForEach(frame => frame.Dispose());
            }

            if (fault == Fault.NeedsMore)
            {
                _ = frames.ToArray()[1];
            }

            yield return new FinalFindings { Findings = [Finding(FindingScope.Clip)] };
            if (fault != Fault.NoEnd)
            {
                yield return new AnalysisCompleted { FramesAnalyzed = frames.Count };
            }
        }

        private async Task<bool> MoveNextAsync(IAsyncEnumerator<VideoFrame> clip)
        {
            try
            {
                return await clip.MoveNextAsync();
            }
            catch (MediaException exception) when (fault == Fault.WrapsErrors)
            {
                throw new InvalidOperationException("It broke.", exception);
            }
        }

        private LabelFinding Finding(FindingScope scope) =>
            new() { Output = "out", Scope = scope, Labels = ["a"], Probabilities = fault == Fault.WrongSum ? [1, 1] : [1, 0] };
    }

    private sealed class FaultyGenerator(string summary, int side, int frames, bool drifts) : IVideoGenerator
    {
        private byte _calls;

        public GeneratorDescription Describe() => new() { Summary = summary, UsesResidentModel = true };

        public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
            VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            _calls++;
            for (int i = 0; i < frames; i++)
            {
                VideoFrame frame = VideoFrame.Rent(side, side);
                frame.WritablePixels.Span.Fill(drifts ? _calls : (byte)0);
                yield return new GeneratedFrames { Frames = [frame] };
            }
        }
    }

    public enum FirstFrameAnswer
    {
        Begins,
        Refuses,
        SaysItTakesNone,
        Ignores,
        Disposes,
        RefusesAnotherField,
        Breaks,
    }

    private sealed class BeginningGenerator(FirstFrameAnswer answer) : IVideoGenerator
    {
        public GeneratorDescription Describe() =>
            new() { Summary = "x", UsesResidentModel = true, TakesFirstFrame = answer != FirstFrameAnswer.SaysItTakesNone };

        public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
            VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            byte grey = 0;
            if (request.FirstFrame is { } picture)
            {
                grey = answer switch
                {
                    FirstFrameAnswer.Refuses => throw new InvalidInputException("first_frame", "is given; none is taken."),
                    FirstFrameAnswer.RefusesAnotherField => throw new InvalidInputException("width", "is odd."),
                    FirstFrameAnswer.Breaks => throw new NotSupportedException(),
                    FirstFrameAnswer.Ignores => 0,
                    _ => picture.Pixels.Span[0],
                };
                if (answer == FirstFrameAnswer.Disposes)
                {
                    picture.Dispose();
                }
            }

            for (int i = 0; i < request.NumFrames; i++)
            {
                VideoFrame frame = VideoFrame.Rent(request.Width, request.Height);
                frame.WritablePixels.Span.Fill(grey);
                yield return new GeneratedFrames { Frames = [frame] };
            }
        }
    }

    private sealed class FaultyAugmenter(string method, int descriptions, bool drifts) : IDatasetAugmenter
    {
        private byte _calls;

        public AugmenterDescription Describe() => new()
        {
            Summary = "Has faults.",
            Methods = [new AugmentationMethodDescription { Name = method, Description = "It.", Origin = ClipOrigin.Simulated }],
        };

        public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken) => Task.CompletedTask;

        public async IAsyncEnumerable<AugmentationUpdate> AugmentAsync(
            AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            _calls++;
            for (int i = 0; i < descriptions; i++)
            {
                yield return new AugmentedClipDescription();
            }

            for (int i = 0; i < request.Shape.NumFrames; i++)
            {
                VideoFrame frame = VideoFrame.Rent(request.Shape.Width, request.Shape.Height);
                frame.WritablePixels.Span.Fill(drifts ? _calls : (byte)0);
                yield return new AugmentedFrames { Frames = [frame] };
            }
        }
    }
}
