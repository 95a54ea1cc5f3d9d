using CsCheck;
using MedGen.Sdk.Generation;
using MedGen.Model.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Schedulers;

public class SchedulerTests
{
    private static readonly Gen<(GenerationScheduler Kind, int Steps, double Shift)> Runs =
        Gen.Select(Gen.Enum<GenerationScheduler>(), Gen.Int[1, 60], Gen.Double[0.5, 12]);

    [Fact]
    public void Sigmas_OfAnyRun_FallFromAtMostOneToZero() => Runs.Sample(run =>
    {
        using var generator = new Generator(1);
        using FlowScheduler scheduler = SchedulerFactory.Create(run.Kind, run.Steps, run.Shift, generator);

        scheduler.Timesteps.Count.ShouldBe(run.Steps);
        scheduler.Sigmas.Count.ShouldBe(run.Steps + 1);
        scheduler.Sigmas[0].ShouldBeInRange(0.99f, 1f);
        scheduler.Sigmas[^1].ShouldBe(0);
        scheduler.Sigmas.Zip(scheduler.Sigmas.Skip(1)).ShouldAllBe(pair => pair.First > pair.Second);
        scheduler.Timesteps.ShouldAllBe(t => t >= 0 && t <= 1000);
    }, iter: 200, threads: 1);

    [Fact]
    public void Step_WithTheExactVelocityFromAnyStart_EndsAtThePicture() => Runs.Select(Gen.Double[0.01, 1]).Sample((run, strength) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using FlowScheduler scheduler = SchedulerFactory.Create(run.Kind, run.Steps, run.Shift, generator);
        Tensor picture = randn([2, 3], generator: generator);
        Tensor noise = randn([2, 3], generator: generator);
        int start = scheduler.StartIndex(strength);
        Tensor sample = picture * (1 - scheduler.Sigmas[start]) + noise * (double)scheduler.Sigmas[start];

        for (int i = start; i < run.Steps; i++)
        {
            Tensor velocity = (sample - picture) / (double)scheduler.Sigmas[i];
            sample = scheduler.Step(velocity, i, sample);
        }

        (sample - picture).abs().max().item<float>().ShouldBeLessThan(2e-4f);
    }, iter: 200, threads: 1);

    [Theory]
    [InlineData(4, 12, new[] { 1, 0.9375f, 0.8333f, 0.625f, 0 })] // as it was distilled, whatever the shift
    [InlineData(2, 3, new[] { 1, 0.75f, 0 })]
    public void Sigmas_OfLightX2V_AreThoseOfItsDistillation(int steps, double shift, float[] expected)
    {
        using FlowScheduler scheduler = SchedulerFactory.Create(GenerationScheduler.LightX2V, steps, shift);

        scheduler.Sigmas.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
        scheduler.Timesteps.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - (1000 * pair.Second)) < 0.1);
    }

    [Theory]
    [InlineData(10, 1, 0)]
    [InlineData(10, 0.3, 7)]
    [InlineData(10, 0.9, 1)]
    [InlineData(6, 0.5, 3)]
    [InlineData(50, 0.001, 49)]
    public void StartIndex_OfAStrength_TakesThatShareOfTheSteps(int steps, double strength, int expected)
    {
        using FlowScheduler scheduler = SchedulerFactory.Create(GenerationScheduler.UniPC, steps, 5);

        scheduler.StartIndex(strength).ShouldBe(expected);
    }

    [Fact]
    public void AddNoise_AtTheFirstStep_LeavesNothingOfTheSource()
    {
        using var scope = NewDisposeScope();
        using FlowScheduler scheduler = SchedulerFactory.Create(GenerationScheduler.UniPC, 4, 5);
        Tensor noise = randn(5);

        (scheduler.AddNoise(ones(5), noise, 0) - noise).abs().max().item<float>().ShouldBe(0);
        (scheduler.AddNoise(ones(5), noise, 2) - noise).abs().max().item<float>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Step_OutOfOrder_Throws()
    {
        using var scope = NewDisposeScope();
        using FlowScheduler scheduler = SchedulerFactory.Create(GenerationScheduler.UniPC, 4, 5);
        Tensor x = ones(3);
        scheduler.Step(x, 1, x);

        Should.Throw<InvalidOperationException>(() => scheduler.Step(x, 3, x));
        Should.Throw<ArgumentOutOfRangeException>(() => scheduler.Step(x, 4, x));
    }

    [Fact]
    public void Create_DmdWithThreeSteps_HasTheDistilledTimesteps()
    {
        using var generator = new Generator(1);
        using FlowScheduler scheduler = SchedulerFactory.Create(GenerationScheduler.Dmd, 3, 8, generator);

        scheduler.Timesteps.ShouldBe([1000f, 757f, 522f]);
        scheduler.Sigmas.ShouldBe([1f, 0.757f, 0.522f, 0f]);
    }

    [Theory]
    [InlineData(GenerationScheduler.UniPC)]
    [InlineData(GenerationScheduler.DpmPlusPlus)]
    [InlineData(GenerationScheduler.Dmd)]
    public void Dispose_AfterARun_LeavesNoTensorAlive(GenerationScheduler kind)
    {
        using var generator = new Generator(1);
        Tensor x = ones(3).DetachFromDisposeScope();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (FlowScheduler scheduler = SchedulerFactory.Create(kind, 5, 5, generator))
        {
            for (int i = 0; i < 5; i++)
            {
                using var scope = NewDisposeScope();
                scheduler.Step(x, i, x);
            }
        }

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
        x.Dispose();
    }
}
