using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Model.Checkpoints;
using MedGen.Model.Guidance;
using MedGen.Model.Pipelines;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Tests.Transformers;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Accelerations;

public sealed class AccelerationTests : IDisposable
{
    private const int Steps = 14;

    private static readonly VideoGenerationRequest Exact = new()
    {
        Prompt = "A surgeon sutures a wound.", Width = 32, Height = 32, NumFrames = 5, NumInferenceSteps = Steps, GuidanceScale = 4, Seed = 3,
    };

    private readonly MedGenPipeline _pipeline = MedGenPipeline.Open(ModelFolder.Open(GoldenFolder.Path("pipeline")), CPU, ScalarType.Float32);

    public void Dispose() => _pipeline.Dispose();

    [Fact]
    public void Run_WithShortcutsThatCutNothing_GivesTheExactRun()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exact = Latents(null).Latents;

        (Tensor teaCache, int computed) = Latents(new GenerationAcceleration { TeaCacheThreshold = 1e-9 });
        computed.ShouldBe(2 * Steps);
        WanTransformerGoldenTests.MaxAbsDiff(teaCache, exact).ShouldBeLessThan(1e-4);
        (Tensor easyCache, computed) = Latents(new GenerationAcceleration { EasyCacheThreshold = 1e-9 });
        computed.ShouldBe(2 * Steps);
        WanTransformerGoldenTests.MaxAbsDiff(easyCache, exact).ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Run_WithShortcuts_ComputesLessAndGivesOtherLatents()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exact = Latents(null).Latents;

        (Tensor gated, int computed) = Latents(new GenerationAcceleration { GuidedShare = 0.5 });
        computed.ShouldBe(Steps + (Steps / 2));
        WanTransformerGoldenTests.MaxAbsDiff(gated, exact).ShouldBeGreaterThan(1e-4);

        // Many steps of a large shift begin close together, which is what it looks for.
        (Tensor teaCache, computed) = Latents(new GenerationAcceleration { TeaCacheThreshold = 1 }, steps: 60, shift: 30);
        computed.ShouldBeInRange(4, 118);
        WanTransformerGoldenTests.MaxAbsDiff(teaCache, Latents(null, steps: 60, shift: 30).Latents).ShouldBeGreaterThan(1e-5);

        // Ten steps are always computed, and the last one: at most three are not.
        (Tensor easyCache, computed) = Latents(new GenerationAcceleration { EasyCacheThreshold = 1 });
        computed.ShouldBeInRange(2 * 11, 2 * 13);
        WanTransformerGoldenTests.MaxAbsDiff(easyCache, exact).ShouldBeGreaterThan(1e-5);

        WanTransformerGoldenTests.MaxAbsDiff(Latents(new GenerationAcceleration { ZeroStarGuidance = true }).Latents, exact).ShouldBeGreaterThan(1e-4);
    }

    [Fact]
    public void Forward_WithAResidual_AddsItInsteadOfTheBlocks()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        using Generator generator = new(1);
        Tensor latents = randn([1, 16, 2, 4, 6], generator: generator);
        using TextContext text = transformer.PrepareText([randn([5, 32], generator: generator)]);
        using BlockResidual residual = new();
        ForwardContext context = new() { Residual = residual };
        Tensor exact = transformer.Forward(latents, tensor(new[] { 500f }), text);
        residual.Reuse = true;

        // Nothing to reuse yet: computes.
        WanTransformerGoldenTests.MaxAbsDiff(transformer.Forward(latents, tensor(new[] { 500f }), text, context), exact).ShouldBe(0);
        WanTransformerGoldenTests.MaxAbsDiff(transformer.Forward(latents, tensor(new[] { 500f }), text, context), exact).ShouldBeLessThan(1e-5);

        // Other latents and another time, the same residual: neither the exact result there nor the one before.
        Tensor other = transformer.Forward(latents * 2, tensor(new[] { 300f }), text, context);
        WanTransformerGoldenTests.MaxAbsDiff(other, transformer.Forward(latents * 2, tensor(new[] { 300f }), text)).ShouldBeGreaterThan(1e-3);
        WanTransformerGoldenTests.MaxAbsDiff(other, exact).ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Scale_OfCfgZeroStar_IsTheProjectionOfEachClip()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor c = tensor(new float[] { 1, 2, 3, 0, 4, 0 }).view(2, 3, 1, 1, 1);
        Tensor u = tensor(new float[] { 2, 0, 1, 0, 2, 2 }).view(2, 3, 1, 1, 1);

        Tensor scaled = ZeroStarGuidance.Scale(c, u);

        // ⟨c, u⟩ / ‖u‖² is 5 / 5 for the first clip and 8 / 8 for the second.
        WanTransformerGoldenTests.MaxAbsDiff(scaled, u).ShouldBeLessThan(1e-6);
        WanTransformerGoldenTests.MaxAbsDiff(ZeroStarGuidance.Scale(c * 3, u), u * 3).ShouldBeLessThan(1e-5);
        WanTransformerGoldenTests.MaxAbsDiff(ZeroStarGuidance.Scale(c, u * 4), u).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Run_Disposed_LeavesNoTensorsBehind()
    {
        GenerationAcceleration all = new() { TeaCacheThreshold = 0.2, GuidedShare = 0.5, ZeroStarGuidance = true };
        Latents(all).Latents.Dispose();
        long before = LiveTensors.Count();

        Latents(all).Latents.Dispose();
        Latents(new GenerationAcceleration { EasyCacheThreshold = 0.5 }).Latents.Dispose();

        LiveTensors.Count().ShouldBe(before);
    }

    [Fact]
    public void Start_WithThresholdsOutOfRange_NamesThem()
    {
        GenerationAcceleration bad = new() { TeaCacheThreshold = 0, EasyCacheThreshold = 2, GuidedShare = 0 };

        InvalidInputException error = Should.Throw<InvalidInputException>(() => _pipeline.Start(Exact with { Wan = new WanOptions { Acceleration = bad } }));

        error.Violations.Select(violation => violation.Field).ShouldBe(
            ["wan.acceleration.tea_cache_threshold", "wan.acceleration.easy_cache_threshold", "wan.acceleration.easy_cache_threshold", "wan.acceleration.guided_share"],
            ignoreOrder: true);
    }

    private (Tensor Latents, int Computed) Latents(GenerationAcceleration? acceleration, int steps = Steps, double shift = 5)
    {
        using GenerationSession session = _pipeline.Start(Exact with { Wan = new WanOptions { Acceleration = acceleration, Shift = shift }, NumInferenceSteps = steps });
        while (session.Stage != GenerationStage.Decoding)
        {
            session.Step();
        }

        return (session.Latents!.clone(), session.Acceleration?.Computed ?? 2 * steps);
    }
}
