using MedGen.Evaluation.Metrics;
using Shouldly;

namespace MedGen.Evaluation.Tests.Metrics;

public sealed class MotionStatisticsTests
{
    [Fact]
    public void Of_ASteadyChangeAndAFlicker_TellsThemApart()
    {
        // Frames of two bytes.
        byte[] steady = [0, 0, 10, 10, 20, 20, 30, 30];
        byte[] flicker = [0, 0, 10, 10, 0, 0, 10, 10];

        MotionStatistics.Of([steady], 2).ShouldBe(new MotionStatistics(10, 0, 0));
        MotionStatistics.Of([flicker], 2).ShouldBe(new MotionStatistics(10, 20, 0));
    }

    [Fact]
    public void Of_AStandingClipBesideAMovingOne_CountsTheStandingOne() =>
        MotionStatistics.Of([[5, 5, 5, 5], [0, 10, 20, 30]], 1).FrozenShare.ShouldBe(0.5);
}
