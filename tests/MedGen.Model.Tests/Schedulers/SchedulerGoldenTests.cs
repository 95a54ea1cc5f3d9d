using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Sdk.Generation;
using MedGen.Model.Schedulers;
using MedGen.Model.Tests.Goldens;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Schedulers;

public class SchedulerGoldenTests
{
    [Theory]
    [InlineData("unipc", GenerationScheduler.UniPC)]
    [InlineData("dpmpp", GenerationScheduler.DpmPlusPlus)]
    [InlineData("euler", GenerationScheduler.Euler)]
    [InlineData("diffusers_unipc", GenerationScheduler.DiffusersUniPC)]
    public void Step_OverEveryScheduleOfTheReference_FollowsItsTrajectory(string solver, GenerationScheduler kind)
    {
        using var scope = NewDisposeScope();
        var goldens = new GoldenTensors("schedulers", "cases.safetensors");
        var cases = goldens.Names.Select(n => Regex.Match(n, $@"^({solver}\.steps(\d+)\.shift([\d.]+))\.samples$")).Where(m => m.Success).ToList();
        cases.Count.ShouldBe(16);
        foreach (Match match in cases)
        {
            string name = match.Groups[1].Value;
            int steps = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            double shift = double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
            using FlowScheduler scheduler = SchedulerFactory.Create(kind, steps, shift);

            float[] timesteps = goldens[$"{name}.timesteps"].to(ScalarType.Float32).data<float>().ToArray();
            Largest(scheduler.Timesteps, timesteps).ShouldBeLessThanOrEqualTo(kind == GenerationScheduler.Euler ? 1e-3f : 0, $"{name}.timesteps");
            Largest(scheduler.Sigmas, goldens[$"{name}.sigmas"].data<float>().ToArray()).ShouldBeLessThanOrEqualTo(1e-6f, $"{name}.sigmas");

            Tensor sample = goldens["x0"];
            Tensor expected = goldens[$"{name}.samples"];
            for (int i = 0; i < steps; i++)
            {
                sample = scheduler.Step(Velocity(sample, timesteps[i]), i, sample);
                float difference = (sample - expected[i]).abs().max().item<float>();
                difference.ShouldBeLessThanOrEqualTo(1e-4f, $"{name}.samples[{i}]");
            }
        }
    }

    private static Tensor Velocity(Tensor x, float t) => x * (0.3 * Math.Cos(t / 1000 * 3)) + x.sin() * 0.1;

    private static float Largest(IReadOnlyList<float> actual, float[] expected)
    {
        actual.Count.ShouldBe(expected.Length);
        return actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
    }
}
