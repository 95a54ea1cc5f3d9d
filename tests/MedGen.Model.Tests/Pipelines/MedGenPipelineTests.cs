using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Tests.Goldens;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Pipelines;

public sealed class MedGenPipelineTests : IDisposable
{
    private static readonly VideoGenerationRequest GoldenRequest = new()
    {
        Prompt = "A surgeon carefully sutures a wound in a bright operating room.",
        NegativePrompt = "blurry, low quality, static, distorted anatomy",
        Width = 48,
        Height = 32,
        NumFrames = 9,
        NumInferenceSteps = 6,
        Wan = new WanOptions { Shift = 5 },
        GuidanceScale = 5,
        Seed = 42,
    };

    private readonly MedGenPipeline _pipeline = MedGenPipeline.Open(ModelFolder.Open(GoldenFolder.Path("pipeline")), CPU, ScalarType.Float32);

    public void Dispose() => _pipeline.Dispose();

    [Fact]
    public void Open_WithDefaultsThatTheModelCannotMake_NamesThem()
    {
        string folder = Directory.CreateTempSubdirectory("medgen-defaults-").FullName;
        try
        {
            foreach (string file in Directory.EnumerateFiles(GoldenFolder.Path("pipeline", "models")))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            string card = Path.Combine(folder, "medgen.json");
            File.WriteAllText(card, """{ "name": "small", "defaults": { "width": 64, "num_frames": 9 } }""");
            using (MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(folder), CPU, ScalarType.Float32))
            {
                (pipeline.Description.Defaults.Width, pipeline.Description.Defaults.Height, pipeline.Description.Defaults.NumFrames).ShouldBe((64, 480, 9));
            }

            File.WriteAllText(card, """{ "name": "small", "defaults": { "width": 60, "num_frames": 9, "shift": 0 } }""");
            ModelFormatException error = Should.Throw<ModelFormatException>(() => MedGenPipeline.Open(ModelFolder.Open(folder), CPU, ScalarType.Float32));
            error.Message.ShouldContain("width got 60");
            error.Message.ShouldContain("shift got 0");

            File.WriteAllText(card, """{ "defaults": { "frames": 9 } }""");
            Should.Throw<ModelFormatException>(() => ModelFolder.Open(folder)).Message.ShouldContain("frames");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(GenerationScheduler.UniPC, "unipc")]
    [InlineData(GenerationScheduler.DpmPlusPlus, "dpmpp")]
    [InlineData(GenerationScheduler.Euler, "euler")]
    public void Step_OfTheReferencesRequest_GivesTheReferencesLatentsAndVideo(GenerationScheduler scheduler, string solver)
    {
        using var scope = NewDisposeScope();
        var goldens = new GoldenTensors("pipeline", "cases.safetensors");
        using GenerationSession session = _pipeline.Start(GoldenRequest with { Wan = GoldenRequest.Wan with { Scheduler = scheduler } });
        while (session.Stage != GenerationStage.Denoising)
        {
            session.Step();
        }

        for (int i = 0; i < 6; i++)
        {
            session.Step();
            Difference(session.Latents!.squeeze(0), goldens[$"{solver}.latents"][i]).ShouldBeLessThan(5e-4f, $"after step {i}");
        }

        Tensor video = _pipeline.Autoencoder.Decode(session.Latents!).clamp(-1, 1).squeeze(0);
        Difference(video, goldens[$"{solver}.video"]).ShouldBeLessThan(1e-3f);

        byte[] expected = (((goldens[$"{solver}.video"] + 1) / 2) * 255).to_type(ScalarType.Byte).permute(1, 2, 3, 0).contiguous().bytes.ToArray();
        byte[] actual = Remaining(session);
        actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Encode_OfTheReferencesPrompts_GivesItsIdsAndRows()
    {
        using var scope = NewDisposeScope();
        var goldens = new GoldenTensors("pipeline", "cases.safetensors");

        Difference(_pipeline.Prompts.Encode(GoldenRequest.Prompt), goldens["prompt.context"]).ShouldBeLessThan(1e-4f);
        Difference(_pipeline.Prompts.Encode(GoldenRequest.NegativePrompt!), goldens["negative.context"]).ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void Step_SameRequestTwiceWithAnotherInBetween_GivesTheSameBytes()
    {
        byte[] alone = Generate(GoldenRequest);
        using GenerationSession one = _pipeline.Start(GoldenRequest);
        using GenerationSession other = _pipeline.Start(GoldenRequest with { Seed = 7, Prompt = "An ultrasound of the liver." });
        List<byte> bytes = [];
        while (!one.IsCompleted)
        {
            bytes.AddRange(Pixels(one.Step()));
            other.Step();
        }

        bytes.ToArray().ShouldBe(alone);
        Generate(GoldenRequest with { Seed = 43 }).ShouldNotBe(alone);
    }

    [Fact]
    public void Step_GuidanceOne_LeavesTheNegativePromptWithoutEffect()
    {
        VideoGenerationRequest request = GoldenRequest with { GuidanceScale = 1, NumFrames = 1 };

        Generate(request).ShouldBe(Generate(request with { NegativePrompt = "anything else" }));
        Generate(request with { GuidanceScale = 5 }).ShouldNotBe(Generate(request));
    }

    [Fact]
    public void Step_NullAndEmptyNegativePrompt_AreTheDefaultAndTheEmptyText()
    {
        VideoGenerationRequest request = GoldenRequest with { NumFrames = 1 };
        byte[] withDefault = Generate(request with { NegativePrompt = null });

        Generate(request with { NegativePrompt = MedGenPipeline.DefaultNegativePrompt }).ShouldBe(withDefault);
        Generate(request with { NegativePrompt = "" }).ShouldNotBe(withDefault);
    }

    [Fact]
    public void Step_VideoToVideoAtStrengthOne_EqualsTextToVideo() =>
        Generate(GoldenRequest with { SourceFrames = Source(), Strength = 1 }).ShouldBe(Generate(GoldenRequest));

    [Fact]
    public void Step_VideoToVideo_StaysCloserToTheSourceAtLessStrength()
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<VideoFrame> source = Source();
        Tensor latents = _pipeline.Autoencoder.Encode(FramePixels.ToVideo(source));

        float Distance(double strength)
        {
            using GenerationSession session = _pipeline.Start(GoldenRequest with { SourceFrames = source, Strength = strength });
            while (session.Stage != GenerationStage.Decoding)
            {
                session.Step();
            }

            return (session.Latents! - latents).square().mean().item<float>();
        }

        Distance(0.3).ShouldBeLessThan(Distance(0.9));
    }

    [Theory]
    [InlineData(GenerationScheduler.DiffusersUniPC)]
    [InlineData(GenerationScheduler.Dmd)]
    public void Step_OtherSchedulers_GiveAllFramesAndPreviews(GenerationScheduler scheduler)
    {
        using GenerationSession session = _pipeline.Start(GoldenRequest with { Wan = GoldenRequest.Wan with { Scheduler = scheduler }, NumInferenceSteps = 3, PreviewInterval = 1 });
        List<GenerationUpdate> updates = [];
        while (!session.IsCompleted)
        {
            updates.AddRange(session.Step());
        }

        updates.OfType<GenerationPreview>().Select(p => p.Step).ShouldBe([1, 2]);
        updates.OfType<GenerationPreview>().ShouldAllBe(p => p.Frame.Width == 48 && p.Frame.Height == 32);
        updates.OfType<GeneratedFrames>().SelectMany(f => f.Frames).Select(f => f.Index).ShouldBe(Enumerable.Range(0, 9).Select(i => (long)i));
        updates.OfType<GenerationProgress>().Last().ShouldBe(new GenerationProgress { Stage = GenerationStage.Decoding, Completed = 9, Total = 9 });
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Dispose_WhereverTheSessionIs_LeavesNoTensorAlive(int? steps)
    {
        VideoGenerationRequest request = GoldenRequest with { SourceFrames = Source(), PreviewInterval = 1 };
        Run(steps); // fills the prompt cache
        long before = LiveTensors.Count();

        Run(steps);

        LiveTensors.Count().ShouldBe(before);

        void Run(int? limit)
        {
            using GenerationSession session = _pipeline.Start(request);
            for (int i = 0; !session.IsCompleted && i < (limit ?? int.MaxValue); i++)
            {
                session.Step();
            }
        }
    }

    [Fact]
    public void Start_ManyBadFields_NamesThemAllAtOnce()
    {
        VideoGenerationRequest bad = GoldenRequest with
        {
            Prompt = " ", Width = 50, Height = 0, NumFrames = 8, FramesPerSecond = double.NaN, NumInferenceSteps = 0, GuidanceScale = -1,
            Wan = new WanOptions { Shift = 0, Scheduler = (GenerationScheduler)99 }, Seed = -1, Strength = 2, PreviewInterval = -1, SourceFrames = [VideoFrame.Rent(16, 16)],
        };

        InvalidInputException thrown = Should.Throw<InvalidInputException>(() => _pipeline.Start(bad));

        thrown.Violations.Select(v => v.Field).Distinct().ShouldBe(
            [
                "prompt", "width", "height", "num_frames", "frames_per_second", "num_inference_steps", "guidance_scale", "wan.shift", "wan.scheduler", "seed",
                "strength", "preview_interval", "source_frames",
            ],
            ignoreOrder: true);
    }

    private static List<VideoFrame> Source() =>
    [
        .. Enumerable.Range(0, 9).Select(i =>
        {
            VideoFrame frame = VideoFrame.Rent(48, 32, i);
            for (int p = 0; p < frame.WritablePixels.Length; p++)
            {
                frame.WritablePixels.Span[p] = (byte)((p / 3 + 7 * i) % 256);
            }

            return frame;
        }),
    ];

    private static float Difference(Tensor actual, Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        return (actual - expected).abs().max().item<float>();
    }

    private static IEnumerable<byte> Pixels(IEnumerable<GenerationUpdate> updates) =>
        updates.OfType<GeneratedFrames>().SelectMany(f => f.Frames).SelectMany(f => f.Pixels.ToArray());

    private static byte[] Remaining(GenerationSession session)
    {
        List<byte> bytes = [];
        while (!session.IsCompleted)
        {
            bytes.AddRange(Pixels(session.Step()));
        }

        return [.. bytes];
    }

    private byte[] Generate(VideoGenerationRequest request)
    {
        using GenerationSession session = _pipeline.Start(request);
        return Remaining(session);
    }
}
