using System.Text;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Models;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Tests.Goldens;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Pipelines;

/// <summary>Everywhere a run can be cut, going on in a new session gives the frames of the whole run, bit by bit.</summary>
public sealed class SessionCheckpointTests : IDisposable
{
    private static readonly VideoGenerationRequest Request = new()
    {
        Prompt = "An ultrasound of the liver.",
        Width = 32,
        Height = 32,
        NumFrames = 5,
        NumInferenceSteps = 5,
        Wan = new WanOptions { Shift = 5 },
        Seed = 42,
        Service = new ServiceTerms { CheckpointInterval = 1 },
    };

    private readonly MedGenPipeline _pipeline = MedGenPipeline.Open(ModelFolder.Open(GoldenFolder.Path("pipeline")), CPU, ScalarType.Float32);

    public void Dispose() => _pipeline.Dispose();

    [Theory]
    [InlineData(GenerationScheduler.UniPC, false)]
    [InlineData(GenerationScheduler.UniPC, true)]
    [InlineData(GenerationScheduler.DpmPlusPlus, false)]
    [InlineData(GenerationScheduler.DpmPlusPlus, true)]
    [InlineData(GenerationScheduler.Euler, false)]
    [InlineData(GenerationScheduler.DiffusersUniPC, false)]
    [InlineData(GenerationScheduler.DiffusersUniPC, true)]
    [InlineData(GenerationScheduler.Dmd, false)]
    [InlineData(GenerationScheduler.Dmd, true)]
    public void Start_AtEachCheckpoint_GivesTheFramesOfTheWholeRun(GenerationScheduler scheduler, bool fromVideo)
    {
        VideoGenerationRequest request = Request with { Wan = new WanOptions { Scheduler = scheduler } };
        request = fromVideo ? request with { SourceFrames = Source(), Strength = 0.7 } : request;
        Run whole = Generate(request);
        whole.Checkpoints.Select(checkpoint => checkpoint.Step).ShouldBe(Enumerable.Range(1, whole.Steps));

        foreach (GenerationCheckpoint checkpoint in whole.Checkpoints)
        {
            Run rest = Generate(At(request, checkpoint));

            rest.Steps.ShouldBe(whole.Steps - checkpoint.Step);
            rest.Pixels.ShouldBe(whole.Pixels, $"from step {checkpoint.Step}");
        }
    }

    [Fact]
    public void Step_WithAnInterval_SavesEveryThatManySteps() =>
        Generate(Request with { Service = new ServiceTerms { CheckpointInterval = 2 } }).Checkpoints.Select(checkpoint => checkpoint.Step).ShouldBe([2, 4, 5]);

    [Fact]
    public void Step_WithShortcuts_SavesNothing() =>
        Generate(Request with { Wan = new WanOptions { Acceleration = new GenerationAcceleration { GuidedShare = 0.5 } } }).Checkpoints.ShouldBeEmpty();

    [Fact]
    public void Save_BetweenIntervals_GivesWhatIsNotSavedYet()
    {
        using GenerationSession session = _pipeline.Start(Request with { Service = new ServiceTerms { CheckpointInterval = 200 } });
        session.Step();
        session.Save().ShouldBeNull();
        session.Step();

        session.Save().ShouldNotBeNull().Step.ShouldBe(1);
        session.Save().ShouldBeNull();
    }

    [Fact]
    public void Start_AtADamagedCheckpoint_SaysSoAndStartsAgain() => SaysSoAndStartsAgain(flips: 8);

    [Fact]
    [Long]
    public void Start_AtAnyDamagedCheckpoint_SaysSoAndStartsAgain() => SaysSoAndStartsAgain(flips: 40);

    private void SaysSoAndStartsAgain(int flips)
    {
        Run whole = Generate(Request);
        byte[] good = whole.Checkpoints[2].Content.ToArray();
        List<byte[]> bad = [[], good[..^1], good[..100], [.. good, 0]];
        for (int i = 0; i < flips; i++)
        {
            byte[] flipped = [.. good];
            flipped[i * (good.Length - 1) / (flips - 1)] ^= 1;
            bad.Add(flipped);
        }

        foreach (byte[] content in bad)
        {
            Run run = Generate(At(Request, whole.Checkpoints[2] with { Content = content }));

            // A changed space of the header's padding harms nothing; whatever does is told.
            if (run.Rejections.Count == 1)
            {
                run.Steps.ShouldBe(whole.Steps);
                run.Rejections[0].ShouldContain("checkpoint");
            }
            else
            {
                run.Steps.ShouldBe(2);
            }

            run.Pixels.ShouldBe(whole.Pixels);
        }

        Generate(At(Request, whole.Checkpoints[2] with { Content = bad[1] })).Rejections.Count.ShouldBe(1);
        Generate(At(Request, whole.Checkpoints[2] with { Content = bad[^1] })).Rejections.ShouldHaveSingleItem().ShouldContain("damaged");
    }

    [Fact]
    public void Start_AtACheckpointOfSomethingElse_IsRejected()
    {
        GenerationCheckpoint checkpoint = Generate(Request).Checkpoints[2];
        string version = Encoding.Latin1.GetString(checkpoint.Content.Span).Replace("\"version\":\"2\"", "\"version\":\"3\"", StringComparison.Ordinal);

        foreach (VideoGenerationRequest other in new[] { Request with { Seed = 43 }, Request with { Prompt = "A lung." }, Request with { Wan = new WanOptions { Shift = 4 } } })
        {
            Generate(At(other, checkpoint)).Rejections.ShouldHaveSingleItem().ShouldContain("another request");
        }

        Generate(At(Request, checkpoint with { Content = Encoding.Latin1.GetBytes(version) })).Rejections.ShouldHaveSingleItem().ShouldContain("version");

        // A preview and the rate of the frames have no part in the latents.
        Generate(At(Request with { PreviewInterval = 1, FramesPerSecond = 8 }, checkpoint)).Rejections.ShouldBeEmpty();
    }

    [Fact]
    public void Start_AtACheckpointOfAnotherNumberTypeOrOtherKernels_IsRejectedByName()
    {
        GenerationCheckpoint checkpoint = Generate(Request).Checkpoints[2];
        string identity = SessionCheckpoint.Identify(_pipeline, Request, "");
        ModelDescription here = _pipeline.Description;
        GenerationCheckpoint Of(ModelDescription model)
        {
            using DisposeScope scope = NewDisposeScope();
            SessionCheckpoint saved = SessionCheckpoint.Read(checkpoint.Content, identity, here, [1, 16, 2, 4, 4]);
            return checkpoint with { Content = saved.Write(identity, model) };
        }

        Generate(At(Request, Of(here))).Rejections.ShouldBeEmpty();
        Generate(At(Request, Of(here with { DataType = "bfloat16" }))).Rejections.ShouldHaveSingleItem().ShouldContain("computed in bfloat16, this host computes in float32");
        Generate(At(Request, Of(here with { Kernels = "other" }))).Rejections.ShouldHaveSingleItem()
            .ShouldContain($"computed with the kernels other, this host has {here.Kernels}");
    }

    [Fact]
    public void Save_AndResume_KeepNoTensors()
    {
        Run whole = Generate(Request);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Generate(At(Request, whole.Checkpoints[1]));

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    private static VideoGenerationRequest At(VideoGenerationRequest request, GenerationCheckpoint checkpoint) =>
        request with { Service = request.Service with { Checkpoint = checkpoint } };

    private static List<VideoFrame> Source() =>
        [.. Enumerable.Range(0, 5).Select(i => VideoFrame.Wrap([.. Enumerable.Range(0, 32 * 32 * 3).Select(p => (byte)((p * 7) + (i * 31)))], 32, 32, i))];

    private Run Generate(VideoGenerationRequest request)
    {
        Run run = new([], [], []);
        List<byte> pixels = [];
        using GenerationSession session = _pipeline.Start(request);
        while (!session.IsCompleted)
        {
            run.Steps += session.Stage == GenerationStage.Denoising ? 1 : 0;
            foreach (GenerationUpdate update in session.Step())
            {
                switch (update)
                {
                    case GenerationCheckpoint checkpoint:
                        run.Checkpoints.Add(checkpoint);
                        break;
                    case CheckpointRejected rejected:
                        run.Rejections.Add(rejected.Reason);
                        break;
                    case GenerationPreview preview:
                        preview.Frame.Dispose();
                        break;
                    case GeneratedFrames generated:
                        foreach (VideoFrame frame in generated.Frames)
                        {
                            pixels.AddRange(frame.Pixels.Span);
                            frame.Dispose();
                        }

                        break;
                }
            }
        }

        return run with { Pixels = [.. pixels] };
    }

    private sealed record Run(List<GenerationCheckpoint> Checkpoints, List<string> Rejections, byte[] Pixels)
    {
        public int Steps { get; set; }
    }
}
