using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Model.Pipelines;
using MedGen.Model.Schedulers;

namespace MedGen.Model.Verification;

/// <summary>
/// Which of two experts predicts at each step: <c>switch.SOLVER.stepsN.shiftS.timesteps</c> and <c>….boundaryB.expert</c>, 0 for high noise.
/// </summary>
internal static class ExpertCases
{
    public const string Prefix = @"switch\.";

    public static void Compare(FixtureFolder folder, VerificationReport report)
    {
        foreach (Match match in folder.Matches($@"^({Prefix}(.+)\.steps(\d+)\.shift([\d.]+))\.boundary([\d.]+)\.expert$"))
        {
            report.Try(match.Value, () =>
            {
                using FlowScheduler scheduler = SchedulerFactory.Create(
                    SchedulerFixture.KindOf(match.Groups[2].Value)!.Value, (int)Number(3), Number(4));
                SchedulerFixture.CompareSchedule(folder, scheduler, match.Groups[1].Value, report);
                double boundary = Number(5) * FlowSchedule.TrainTimesteps;
                long[] experts = [.. scheduler.Timesteps.Select(timestep => MedGenPipeline.IsHighNoise(timestep, boundary) ? 0L : 1)];
                report.CompareExactly(match.Value, experts, folder[match.Value].data<long>().ToArray());
            });

            double Number(int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        }
    }
}
