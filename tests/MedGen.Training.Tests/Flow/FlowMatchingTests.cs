using CsCheck;
using MedGen.Sdk.Generation;
using MedGen.Model.Schedulers;
using MedGen.Model.Transformers;
using MedGen.Training.Flow;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Tests.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Flow;

[Collection("torch")]
public class FlowMatchingTests
{
    [Fact]
    public void Loss_OfAPerfectPredictor_IsZeroAndTheSchedulersFollowItBackToTheClip()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor clean = randn([2, 4, 2, 4, 4]);
        Tensor noise = randn([2, 4, 2, 4, 4]);

        Tensor sigmas = tensor(new[] { 0.3f, 0.8f });
        FlowMatching.Loss(noise - clean, clean, noise, sigmas).item<float>().ShouldBe(0);
        FlowMatching.Loss(clean - noise, clean, noise, sigmas).item<float>().ShouldBeGreaterThan(1);

        // The schedulers that generation uses take the same velocity from noise to the clip.
        foreach (GenerationScheduler kind in new[] { GenerationScheduler.UniPC, GenerationScheduler.Euler })
        {
            using FlowScheduler scheduler = SchedulerFactory.Create(kind, 10, 3, new Generator(1, CPU));
            Tensor sample = FlowMatching.Mix(clean, noise, tensor(new[] { scheduler.Sigmas[0], scheduler.Sigmas[0] }));
            for (int i = 0; i < 10; i++)
            {
                sample = scheduler.Step(noise - clean, i, sample);
            }

            sample.sub(clean).abs().max().item<float>().ShouldBeLessThan(1e-3f, kind.ToString());
        }
    }

    [Fact]
    public void Mix_AtBothEnds_IsClipAndNoise()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor clean = randn([2, 4, 2, 4, 4]);
        Tensor noise = randn([2, 4, 2, 4, 4]);

        Tensor mixed = FlowMatching.Mix(clean, noise, tensor(new[] { 0f, 1f }));

        mixed.select(0, 0).eq(clean.select(0, 0)).all().item<bool>().ShouldBeTrue();
        mixed.select(0, 1).eq(noise.select(0, 1)).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void FirstFrame_WhereItIsGiven_HasNoNoiseAndIsNotInTheLoss()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor clean = randn([2, 4, 3, 4, 4]);
        Tensor noise = randn([2, 4, 3, 4, 4]);

        Tensor sigmas = FlowMatching.ByFrame(tensor(new[] { 0.5f, 0.8f }), [true, false], frames: 3);
        Tensor mixed = FlowMatching.Mix(clean, noise, sigmas);

        sigmas.data<float>().ToArray().ShouldBe([0, 0.5f, 0.5f, 0.8f, 0.8f, 0.8f]);
        mixed[0].select(1, 0).eq(clean[0].select(1, 0)).all().item<bool>().ShouldBeTrue();
        mixed[1].sub((0.2 * clean[1]) + (0.8 * noise[1])).abs().max().item<float>().ShouldBeLessThan(1e-6f);
        Tensor wrong = noise - clean;
        wrong[0].select(1, 0).add_(100); // where the frame is given
        FlowMatching.Loss(wrong, clean, noise, sigmas).item<float>().ShouldBe(0);
        wrong[1].select(1, 0).add_(1); // where it is not: one of five frames
        FlowMatching.Loss(wrong, clean, noise, sigmas).item<float>().ShouldBe(0.2f, 1e-5f);
    }

    [Fact]
    public void ByFrame_WhereNoneIsGiven_IsOneForEachClip()
    {
        using DisposeScope scope = NewDisposeScope();

        FlowMatching.ByFrame(tensor(new[] { 0.5f, 0.8f }), [false, false], frames: 3).shape.ShouldBe([2]);
    }

    [Fact]
    public void DrawSigma_AnyOptions_StaysBetweenZeroAndOne() =>
        Gen.Select(Gen.Int, Gen.Double[-4, 4], Gen.Double[0.1, 4], Gen.Double[0.1, 30], Gen.Bool).Sample((seed, mean, std, shift, uniform) =>
        {
            FlowOptions options = new() { TimestepSampling = uniform ? "uniform" : "logit_normal", LogitMean = mean, LogitStd = std, Shift = shift };
            return FlowMatching.DrawSigma(new Random(seed), options) is >= 0 and <= 1;
        });

    [Fact]
    public void DrawSigma_LargeShift_DrawsMoreNoise()
    {
        Random random = new(1);
        double Mean(double shift) => Enumerable.Range(0, 2000).Average(_ => FlowMatching.DrawSigma(random, new FlowOptions { Shift = shift }));

        Mean(1).ShouldBe(0.5, 0.02);
        Mean(5).ShouldBeGreaterThan(0.7);
    }

    [Fact]
    public void Transformer_OneBatchManyTimes_IsOverfitted()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        using ParameterVector parameters = ParameterVector.Create(InitialWeights.Transformer(TinyParts.Transformer, 1), CPU);
        using AdamW optimizer = new(parameters, new() { LearningRate = 1e-2, WarmupSteps = 5, WeightDecay = 0 });
        Tensor clean = randn([2, 4, 1, 4, 4]);
        Tensor noise = randn([2, 4, 1, 4, 4]);
        Tensor sigmas = tensor(new[] { 0.3f, 0.8f });
        Tensor[] contexts = [randn(3, 16), randn(5, 16)];
        float first = 0;
        float last = 0;
        for (int step = 0; step < 150; step++)
        {
            using DisposeScope inner = NewDisposeScope();
            parameters.Values.grad?.zero_();
            using WanTransformer transformer = WanTransformer.Load(ParameterVector.Reader(parameters.Pieces(), ""), TinyParts.Transformer, CPU, ScalarType.Float32);
            using TextContext text = transformer.PrepareText(contexts);
            Tensor loss = FlowMatching.Loss(transformer.Forward(FlowMatching.Mix(clean, noise, sigmas), sigmas * FlowMatching.TrainTimesteps, text), clean, noise, sigmas);
            loss.backward();
            optimizer.Step(step, optimizer.LearningRateAt(step, 150));
            last = loss.item<float>();
            first = step == 0 ? last : first;
        }

        first.ShouldBeGreaterThan(1);
        last.ShouldBeLessThan(0.05f * first);
    }
}
