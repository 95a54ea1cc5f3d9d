using CsCheck;
using MedGen.Model.Autoencoders;
using MedGen.Model.Sizing;
using MedGen.Model.Transformers;
using MedGen.Runtime.Scheduling;
using static TorchSharp.torch;

namespace MedGen.Runtime.Tests.Scheduling;

public sealed class StepCostTests
{
    private static readonly GenerationCost Small = Of(256, 256, 17);
    private static readonly GenerationCost Large = Of(832, 480, 81);

    [Fact]
    public void StepSeconds_AfterStepsOfOneSize_IsTheirMeanThereAndByFormulaElsewhere()
    {
        StepCost cost = new();
        cost.IsCalibrated.ShouldBeFalse();
        cost.StepSeconds(Small, 2).ShouldBeGreaterThan(0);
        for (int i = 0; i < 20; i++)
        {
            cost.Observe(Small, 2, i % 2 == 0 ? 9 : 11);
        }

        cost.IsCalibrated.ShouldBeTrue();
        cost.StepSeconds(Small, 2).ShouldBe(10, 0.3);
        cost.StepSeconds(Small, 1).ShouldBe(5, 0.15);
        cost.StepSeconds(Large, 2).ShouldBe(10 * Large.FlopsPerForward / Small.FlopsPerForward, 25);
    }

    [Fact]
    public void StepSeconds_AfterStepsOfSeveralSizes_LearnsBothRates() => Gen.Select(Gen.Double[0.5, 2], Gen.Double[0.5, 2]).Sample((linear, square) =>
    {
        StepCost cost = new();
        double Seconds(GenerationCost clip) => ((linear * (clip.FlopsPerForward - clip.AttentionFlops)) + (square * clip.AttentionFlops)) / 1e11;
        for (int i = 0; i < 60; i++)
        {
            GenerationCost clip = new[] { Small, Large, Of(480, 480, 33) }[i % 3];
            cost.Observe(clip, 1, Seconds(clip));
        }

        cost.StepSeconds(Large, 1).ShouldBe(Seconds(Large), 0.05 * Seconds(Large));
        cost.StepSeconds(Of(640, 480, 49), 1).ShouldBe(Seconds(Of(640, 480, 49)), 0.1 * Seconds(Of(640, 480, 49)));
    }, iter: 200, threads: 1);

    [Fact]
    public void StepSeconds_WhenTheDeviceSlowsDown_Follows()
    {
        StepCost cost = new();
        Enumerable.Range(0, 50).ToList().ForEach(_ => cost.Observe(Small, 2, 10));
        Enumerable.Range(0, 50).ToList().ForEach(_ => cost.Observe(Small, 2, 20));

        cost.StepSeconds(Small, 2).ShouldBeInRange(18, 20.1);
    }

    [Fact]
    public void DecodeSeconds_AfterDecoding_FollowsThePixelsAndFrames()
    {
        StepCost cost = new();
        cost.ObserveDecoding(Small, latentFrames: 0.5, seconds: 1);

        cost.DecodeSeconds(Small, 5).ShouldBe(10, 1e-9);
        cost.DecodeSeconds(Large, 1).ShouldBe(2.0 * 832 * 480 / (256 * 256), 1e-9);
    }

    private static GenerationCost Of(int width, int height, int frames) => GenerationCost.Of(
        WanTransformerConfig.T2V1Point3B, WanAutoencoderConfig.Wan21, 0, new ClipSize(width, height, frames), ScalarType.BFloat16);
}
