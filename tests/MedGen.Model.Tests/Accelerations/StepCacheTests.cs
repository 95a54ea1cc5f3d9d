using MedGen.Model.Accelerations;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Accelerations;

/// <summary>When a step is reused, by hand.</summary>
public sealed class StepCacheTests
{
    [Fact]
    public void Plan_OfTeaCache_AddsThePolynomialUpUntilTheThreshold()
    {
        // The authors' polynomial at 0.01: 2396.76752e-8 − 1311.10545e-6 + 201.331979e-4 − 8.29855975e-2 + 0.137887774.
        const double AtOnePercent = 0.073748;
        double[] changes = [0, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01];

        TeaCache.Plan(changes, 2.5 * AtOnePercent).ShouldBe([false, true, true, false, true, true, false, false]);
        TeaCache.Plan(changes, 0.999 * AtOnePercent).ShouldAllBe(reuse => !reuse);
        TeaCache.Plan(changes, 1.001 * AtOnePercent).ShouldBe([false, true, false, true, false, true, false, false]);
    }

    [Fact]
    public void Plan_OfTeaCache_ComputesTheFirstAndTheLastStep() =>
        TeaCache.Plan([0, 0.01, 0.01, 0.01], threshold: 100).ShouldBe([false, true, true, false]);

    [Fact]
    public void Reuses_OfEasyCache_FollowsTheRateOfTheLastTwoComputedSteps()
    {
        using DisposeScope scope = NewDisposeScope();
        using EasyCache cache = new(threshold: 0.25, steps: 16);
        List<bool> reused = [];
        for (int step = 0; step < 16; step++)
        {
            // Each step moves the input by 1 and the velocity by 0.5: at step 9 it is 4.5 + 0.5 = 5, and a step is expected to change it by 0.5 / 5 = 0.1.
            Tensor latents = full(new long[] { 2, 3 }, step, ScalarType.Float32);
            reused.Add(cache.Reuses(step, latents));
            if (!reused[^1])
            {
                cache.Computed(latents, (latents + 1) * 0.5);
            }
        }

        // 10 and 11 reach 0.1 and 0.2; 12 would reach 0.3. Then the velocity is 6.5: 0.077 and 0.154 at 13 and 14; the last step is computed.
        reused.ShouldBe([false, false, false, false, false, false, false, false, false, false, true, true, false, true, true, false]);
    }

    [Fact]
    public void Dispose_OfEasyCache_LeavesNoTensorsBehind()
    {
        long before = LiveTensors.Count();
        using (EasyCache cache = new(threshold: 0.25, steps: 16))
        {
            using Tensor latents = ones(2);
            for (int step = 0; step < 3; step++)
            {
                cache.Reuses(step, latents);
                cache.Computed(latents, latents);
            }
        }

        LiveTensors.Count().ShouldBe(before);
    }
}
