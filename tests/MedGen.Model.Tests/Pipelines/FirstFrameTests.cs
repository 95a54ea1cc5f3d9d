using MedGen.Model.Checkpoints;
using MedGen.Model.Pictures;
using MedGen.Model.Pipelines;
using MedGen.Model.Tests.Goldens;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Serving;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Pipelines;

/// <summary>Image to video with a small model of Wan 2.2 TI2V's form; that its latents are the reference's, the verification holds.</summary>
public sealed class FirstFrameTests : IDisposable
{
    private static readonly string Folder = Fixtures.Path("goldens22", "ti2v", "pipeline");

    private readonly MedGenPipeline _pipeline = MedGenPipeline.Open(ModelFolder.Open(Folder), CPU, ScalarType.Float32);

    private readonly VideoFrame _picture = Picture(70, 50);

    private VideoGenerationRequest Request => new()
    {
        Prompt = "An ultrasound of the liver.",
        Width = 32,
        Height = 64,
        NumFrames = 9,
        NumInferenceSteps = 4,
        Seed = 42,
        FirstFrame = _picture,
    };

    public void Dispose()
    {
        _picture.Dispose();
        _pipeline.Dispose();
    }

    [Fact]
    public void Open_OfWan22_TakesAFirstFrameAndMultiplesOf32()
    {
        _pipeline.Description.TakesFirstFrame.ShouldBeTrue();
        (_pipeline.Grid.WidthStep, _pipeline.Grid.HeightStep, _pipeline.Grid.FrameStep).ShouldBe((32, 32, 4));
        Should.Throw<InvalidInputException>(() => _pipeline.Check(Request with { Width = 48 })).Violations.ShouldHaveSingleItem().Field.ShouldBe("width");
    }

    [Fact]
    public void Description_OfWan22_HasTheDefaultsOfTheRelease()
    {
        GenerationDefaults defaults = _pipeline.Description.Defaults;

        (defaults.Width, defaults.Height, defaults.NumFrames, defaults.FramesPerSecond).ShouldBe((1280, 704, 121, 24));
        (defaults.Shift, defaults.NumInferenceSteps, defaults.GuidanceScale).ShouldBe((5, 50, 5));
        (_pipeline.Description.Sizes.WidthStep, _pipeline.Description.Sizes.FrameStep).ShouldBe((32, 4));
    }

    [Fact]
    public void Check_ForAModelThatTakesNoFirstFrame_SaysWhichOneDoes()
    {
        using MedGenPipeline textAlone = MedGenPipeline.Open(ModelFolder.Open(GoldenFolder.Path("pipeline")), CPU, ScalarType.Float32);

        FieldViolation violation = Should.Throw<InvalidInputException>(() => textAlone.Start(Request with { Wan = new WanOptions { Shift = 5 } }))
            .Violations.ShouldHaveSingleItem();

        (violation.Field, violation.Description.Contains("Wan2.2-TI2V-5B", StringComparison.Ordinal)).ShouldBe(("first_frame", true));
    }

    [Theory]
    [InlineData(8, 50, "has 8x50 px; allowed: 16 to 8192 px a side.")]
    [InlineData(20_000, 16, "has 20000x16 px; allowed: 16 to 8192 px a side.")]
    public void Check_PictureOfAnImpossibleSize_NamesSizeAndRange(int width, int height, string message)
    {
        using VideoFrame picture = Picture(width, height);

        Should.Throw<InvalidInputException>(() => _pipeline.Check(Request with { FirstFrame = picture })).Violations.ShouldHaveSingleItem().ToString().ShouldContain(message);
    }

    [Fact]
    public void Check_PictureBesideASourceClip_IsRefused()
    {
        using VideoFrame frame = Picture(32, 64);
        VideoGenerationRequest both = Request with { SourceFrames = [.. Enumerable.Repeat(frame, 9)] };

        Should.Throw<InvalidInputException>(() => _pipeline.Check(both)).Violations.ShouldHaveSingleItem().Field.ShouldBe("first_frame");
    }

    [Theory]
    [InlineData(GenerationScheduler.UniPC)]
    [InlineData(GenerationScheduler.Dmd)] // draws noise at every step
    public void Step_WithAFirstFrame_KeepsItsLatentThroughAllSteps(GenerationScheduler scheduler)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor clean = _pipeline.Autoencoder.Encode(FirstFramePicture.Fit(_picture, 32, 64, FirstFrameFit.Crop));
        using GenerationSession session = _pipeline.Start(Request with { Wan = new WanOptions { Scheduler = scheduler } });
        while (session.Stage != GenerationStage.Decoding)
        {
            session.Step();
            if (session.Latents is { } latents)
            {
                latents.narrow(2, 0, 1).Equals(clean).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void Start_AtEachCheckpoint_GivesTheFramesOfTheWholeRun()
    {
        VideoGenerationRequest request = Request with { Service = new ServiceTerms { CheckpointInterval = 1 } };
        (byte[] whole, IReadOnlyList<GenerationCheckpoint> checkpoints) = Run(request);
        checkpoints.Count.ShouldBe(4);
        foreach (GenerationCheckpoint checkpoint in checkpoints)
        {
            Run(request with { Service = request.Service with { Checkpoint = checkpoint } }).Pixels.ShouldBe(whole, $"from step {checkpoint.Step}");
        }
    }

    [Fact]
    public void Step_InABatchWithASessionWithoutOne_GivesEachTheFramesItGetsAlone()
    {
        VideoGenerationRequest plain = Request with { FirstFrame = null, Seed = 7 };
        (byte[] with, byte[] without) = (Run(Request).Pixels, Run(plain).Pixels);
        using GenerationSession first = _pipeline.Start(Request);
        using GenerationSession second = _pipeline.Start(plain);
        first.Step();
        first.Step();
        second.Step();
        using (SessionBatch batch = new([first, second]))
        {
            while (first.Stage == GenerationStage.Denoising)
            {
                batch.Step().ShouldAllBe(step => step.Error == null);
            }
        }

        // Sums round otherwise in a batch.
        Distance(SessionRun.Of(first).Pixels, with).ShouldBeLessThanOrEqualTo(1);
        Distance(SessionRun.Of(second).Pixels, without).ShouldBeLessThanOrEqualTo(1);
        Distance(with, without).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Step_WithShortcutsThatSkipNothing_GivesTheSameFrames()
    {
        WanOptions all = new() { Acceleration = new GenerationAcceleration { GuidedShare = 1 } };

        Distance(Run(Request with { Wan = all }).Pixels, Run(Request).Pixels).ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(FirstFrameFit.Crop, 0)]
    [InlineData(FirstFrameFit.Pad, 26)] // 64 × 38, with 13 black rows above and below
    public void Fit_WhitePicture_CoversTheClipOrStandsBetweenBlackBars(FirstFrameFit fit, int blackRows)
    {
        using DisposeScope scope = NewDisposeScope();
        using VideoFrame white = VideoFrame.Rent(100, 60, 0, TimeSpan.Zero);
        white.WritablePixels.Span.Fill(255);

        Tensor fitted = FirstFramePicture.Fit(white, 64, 64, fit);

        fitted.shape.ShouldBe([1, 3, 1, 64, 64]);
        float[] rows = fitted.select(1, 0).select(1, 0).select(0, 0).mean([1L]).data<float>().ToArray(); // [64]
        rows.ShouldBe([.. Enumerable.Repeat(-1f, blackRows / 2), .. Enumerable.Repeat(1f, 64 - blackRows), .. Enumerable.Repeat(-1f, blackRows / 2)]);
    }

    private static VideoFrame Picture(int width, int height)
    {
        VideoFrame picture = VideoFrame.Rent(width, height, 0, TimeSpan.Zero);
        Span<byte> pixels = picture.WritablePixels.Span;
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i * 7 % 251);
        }

        return picture;
    }

    private SessionRun Run(VideoGenerationRequest request) => SessionRun.Of(_pipeline, request);

    private static int Distance(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
