using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Sdk.Generation;
using MedGen.Model.Schedulers;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// <c>&lt;solver&gt;.steps&lt;N&gt;.shift&lt;S&gt;.{timesteps,sigmas,samples}</c> from <c>x0</c>, with the synthetic velocity
/// 0.3 · x · cos(3t / 1000) + 0.1 · sin(x).
/// </summary>
internal sealed class SchedulerFixture : IPartFixture
{
    private const string RunPattern = @"\.steps(\d+)\.shift([\d.]+)";

    public string Part => "schedulers";

    public bool Recognises(FixtureFolder folder) => folder.Matches($"^(?!{ExpertCases.Prefix}).+{RunPattern}").Count > 0;

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        foreach (Match match in folder.Matches($@"^((.+){RunPattern})\.(?:timesteps|sigmas|samples)$").DistinctBy(match => match.Groups[1].Value))
        {
            string name = match.Groups[1].Value;
            report.Try(name, () =>
            {
                if (KindOf(match.Groups[2].Value) is not { } kind)
                {
                    report.Fail(name, $"The solver '{match.Groups[2].Value}' is not known.");
                    return;
                }

                using FlowScheduler scheduler = SchedulerFactory.Create(kind, Steps(match, 3), Shift(match, 4));
                RunCase(folder, scheduler, name, report);
            });
        }

        foreach (Match match in folder.Matches($@"^get_sampling_sigmas{RunPattern}$"))
        {
            report.Try(match.Value, () =>
            {
                FlowSchedule schedule = FlowSchedule.SamplingSigmas(Steps(match, 1), Shift(match, 2));
                report.Compare(match.Value, schedule.Sigmas.SkipLast(1), folder[match.Value], VerificationTolerances.Sigmas);
            });
        }
    }

    /// <summary>The scheduler that a fixture means by its name for a solver; null: none.</summary>
    internal static GenerationScheduler? KindOf(string solver) => solver switch
    {
        "unipc" => GenerationScheduler.UniPC,
        "dpmpp" => GenerationScheduler.DpmPlusPlus,
        "euler" => GenerationScheduler.Euler,
        "diffusers_unipc" => GenerationScheduler.DiffusersUniPC,
        _ => null,
    };

    /// <summary>Compares timesteps (whole ones must be met exactly) and noise levels, where they are there.</summary>
    internal static void CompareSchedule(FixtureFolder folder, FlowScheduler scheduler, string name, VerificationReport report)
    {
        if (folder.Has($"{name}.timesteps"))
        {
            Tensor timesteps = folder[$"{name}.timesteps"];
            double tolerance = timesteps.is_floating_point() ? VerificationTolerances.FractionalTimesteps : VerificationTolerances.Exact;
            report.Compare($"{name}.timesteps", scheduler.Timesteps, timesteps, tolerance);
        }

        if (folder.Has($"{name}.sigmas"))
        {
            report.Compare($"{name}.sigmas", scheduler.Sigmas, folder[$"{name}.sigmas"], VerificationTolerances.Sigmas);
        }
    }

    private static void RunCase(FixtureFolder folder, FlowScheduler scheduler, string name, VerificationReport report)
    {
        CompareSchedule(folder, scheduler, name, report);
        if (!folder.Has($"{name}.samples"))
        {
            return;
        }

        float[] given = folder.Has($"{name}.timesteps")
            ? folder[$"{name}.timesteps"].to_type(ScalarType.Float32).data<float>().ToArray()
            : [.. scheduler.Timesteps];
        Tensor sample = folder["x0"];
        List<Tensor> samples = [];
        for (int i = 0; i < given.Length; i++)
        {
            sample = scheduler.Step(Velocity(sample, given[i]), i, sample);
            samples.Add(sample);
        }

        report.Compare($"{name}.samples", stack(samples), folder[$"{name}.samples"], VerificationTolerances.Output);
    }

    private static Tensor Velocity(Tensor x, float t) => x * (0.3 * Math.Cos(t / 1000 * 3)) + x.sin() * 0.1;

    private static int Steps(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static double Shift(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}
