using CsCheck;
using MedGen.Abstractions.Generation;
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

        FlowMatching.Loss(noise - clean, clean, noise).item<float>().ShouldBe(0);
        FlowMatching.Loss(clean - noise, clean, noise).item<float>().ShouldBeGreaterThan(1);

        // The schedulers that generation uses take the same velocity from noise to the clip.
        foreach (GenerationScheduler kind in new[] { GenerationScheduler.UniPC, GenerationScheduler.Euler })
        {
            using IScheduler scheduler = SchedulerFactory.Create(kind, 10, 3, new Generator(1, CPU));
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
            Tensor loss = FlowMatching.Loss(transformer.Forward(FlowMatching.Mix(clean, noise, sigmas), sigmas * FlowMatching.TrainTimesteps, text), clean, noise);
            loss.backward();
            optimizer.Step(step, optimizer.LearningRateAt(step, 150));
            last = loss.item<float>();
            first = step == 0 ? last : first;
        }

        first.ShouldBeGreaterThan(1);
        last.ShouldBeLessThan(0.05f * first);
    }
}
