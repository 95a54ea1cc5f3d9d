using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Phantoms.Procedures;

namespace MedGen.Phantoms.Tests.Procedures;

public class CholecystectomyProcedureTests
{
    private const int Procedures = 200;

    private static readonly CholecystectomyOptions Short = new() { DurationScale = 0.05 };

    private static readonly Lazy<CholecystectomyProcedure[]> Many = new(() => [.. Enumerable.Range(0, Procedures).Select(s => CholecystectomyProcedure.Simulate(s, new CholecystectomyOptions()))]);

    [Fact]
    public void Simulate_SameSeed_GivesSameTimelineAndFrames()
    {
        CholecystectomyProcedure first = CholecystectomyProcedure.Simulate(5, Short);
        CholecystectomyProcedure second = CholecystectomyProcedure.Simulate(5, Short);

        second.Timeline.Activities.ShouldBe(first.Timeline.Activities);
        second.Timeline.Segments.ShouldBe(first.Timeline.Segments);
        Pixels(second, 1).ShouldBe(Pixels(first, 1));
        CholecystectomyProcedure.Simulate(6, Short).Timeline.Activities.ShouldNotBe(first.Timeline.Activities);
    }

    [Fact]
    public void RenderFrame_AnyIndex_GivesTheFrameOfTheStream()
    {
        CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(5, Short);
        byte[][] stream = Pixels(procedure, 1);

        foreach (int index in new[] { stream.Length - 1, 0, stream.Length / 2 })
        {
            using VideoFrame frame = procedure.RenderFrame(index, 1, 48, 40);
            frame.Pixels.ToArray().ShouldBe(stream[index]);
        }
    }

    [Fact]
    public void Frames_AtARate_AreAsManyAsCountedAndOfTheSizeAskedFor()
    {
        CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(2, Short);
        int count = 0;
        foreach (VideoFrame frame in procedure.Frames(2, 48, 32))
        {
            using (frame)
            {
                (frame.Width, frame.Height, frame.Index).ShouldBe((48, 32, count));
                frame.Timestamp.TotalSeconds.ShouldBe(count / 2.0);
                count++;
            }
        }

        count.ShouldBe(procedure.FrameCount(2));
        count.ShouldBe(2 * procedure.Timeline.DurationSeconds);
    }

    [Fact]
    public void Simulate_ManySeeds_CoverTheProcedureWithoutGaps()
    {
        foreach (ProcedureTimeline timeline in Many.Value.Select(p => p.Timeline))
        {
            timeline.Segments[0].StartSecond.ShouldBe(0);
            timeline.Segments.Zip(timeline.Segments.Skip(1)).ShouldAllBe(pair => pair.First.EndSecond == pair.Second.StartSecond && pair.First.Phase != pair.Second.Phase);
            timeline.Activities[0].StartSecond.ShouldBe(0);
            timeline.Activities.Zip(timeline.Activities.Skip(1)).ShouldAllBe(pair => pair.First.EndSecond == pair.Second.StartSecond);
            timeline.Activities[^1].EndSecond.ShouldBe(timeline.DurationSeconds);
            timeline.Activities.ShouldAllBe(a => timeline.At(a.StartSecond).Phase == timeline.At(a.EndSecond - 1).Phase);
            timeline.Activities.Where(a => a.IsOutOfBody).ShouldAllBe(a => a.Tools == SurgicalTools.None);
        }
    }

    [Fact]
    public void Simulate_ManySeeds_TakeLegalTransitionsOrRecordTheDeviation()
    {
        int returns = 0;
        foreach (ProcedureTimeline timeline in Many.Value.Select(p => p.Timeline))
        {
            List<(SurgicalPhase Phase, int Second)> recorded = [.. timeline.Deviations.Where(d => d.Kind == ProcedureDeviationKind.Return).Select(d => (d.Phase, d.Second))];
            List<(SurgicalPhase Phase, int Second)> illegal =
            [
                .. timeline.Segments.Zip(timeline.Segments.Skip(1)).Where(p => !CholecystectomyWorkflow.IsLegal(p.First.Phase, p.Second.Phase)).Select(p => (p.Second.Phase, p.Second.StartSecond)),
            ];

            illegal.ShouldBe(recorded);
            returns += illegal.Count;
            bool startsLate = timeline.Deviations.Any(d => d is { Kind: ProcedureDeviationKind.SkippedPhase, Phase: SurgicalPhase.Preparation });
            timeline.Segments[0].Phase.ShouldBe(startsLate ? SurgicalPhase.CalotTriangleDissection : SurgicalPhase.Preparation);
            bool endsEarly = timeline.Deviations.Any(d => d is { Kind: ProcedureDeviationKind.SkippedPhase, Phase: SurgicalPhase.GallbladderRetraction });
            timeline.Segments.Any(s => s.Phase == SurgicalPhase.GallbladderRetraction).ShouldBe(!endsEarly);
        }

        returns.ShouldBeInRange(8, 40); // 2 · 5 % of 200
    }

    [Fact]
    public void Simulate_WithoutDeviations_TakesLegalTransitionsOnly()
    {
        CholecystectomyOptions options = new() { ReturnProbability = 0, SkipProbability = 0 };
        for (int seed = 0; seed < Procedures; seed++)
        {
            ProcedureTimeline timeline = CholecystectomyProcedure.Simulate(seed, options).Timeline;

            timeline.Deviations.ShouldBeEmpty();
            timeline.Segments.Zip(timeline.Segments.Skip(1)).ShouldAllBe(p => CholecystectomyWorkflow.IsLegal(p.First.Phase, p.Second.Phase));
        }
    }

    [Theory]
    [InlineData(SurgicalPhase.Preparation)]
    [InlineData(SurgicalPhase.CalotTriangleDissection)]
    [InlineData(SurgicalPhase.ClippingCutting)]
    [InlineData(SurgicalPhase.GallbladderDissection)]
    [InlineData(SurgicalPhase.GallbladderPackaging)]
    [InlineData(SurgicalPhase.CleaningCoagulation)]
    [InlineData(SurgicalPhase.GallbladderRetraction)]
    public void Simulate_ManySeeds_PhasesLastAsStatedForCholec80(SurgicalPhase phase)
    {
        double[] totals =
        [
            .. Many.Value.Select(p => (double)p.Timeline.Segments.Where(s => s.Phase == phase).Sum(s => s.Seconds)).Where(s => s > 0),
        ];
        double mean = totals.Average();
        double deviation = Math.Sqrt(totals.Average(t => (t - mean) * (t - mean)));

        mean.ShouldBe(CholecystectomyWorkflow.MeanSeconds(phase), tolerance: 0.17 * CholecystectomyWorkflow.MeanSeconds(phase));
        deviation.ShouldBe(CholecystectomyWorkflow.DeviationSeconds(phase), tolerance: 0.35 * CholecystectomyWorkflow.DeviationSeconds(phase));
    }

    [Theory]
    [InlineData(SurgicalTools.Grasper, 0.5, 0.7)]
    [InlineData(SurgicalTools.Hook, 0.5, 0.65)]
    [InlineData(SurgicalTools.Bipolar, 0.03, 0.08)]
    [InlineData(SurgicalTools.Scissors, 0.01, 0.04)]
    [InlineData(SurgicalTools.Clipper, 0.02, 0.06)]
    [InlineData(SurgicalTools.Irrigator, 0.03, 0.09)]
    [InlineData(SurgicalTools.SpecimenBag, 0.03, 0.09)]
    public void Simulate_ManySeeds_ToolsAreInViewAboutAsOftenAsInCholec80(SurgicalTools tool, double low, double high)
    {
        double seen = Many.Value.Sum(p => (double)p.Timeline.Activities.Where(a => a.Tools.HasFlag(tool)).Sum(a => a.EndSecond - a.StartSecond));
        double all = Many.Value.Sum(p => (double)p.Timeline.DurationSeconds);

        (seen / all).ShouldBeInRange(low, high);
    }

    [Fact]
    public void Simulate_ManySeeds_ToolsShowInTheirPhasesOnly()
    {
        foreach (ProcedureTimeline timeline in Many.Value.Select(p => p.Timeline))
        {
            foreach (ActivityInterval activity in timeline.Activities)
            {
                SurgicalPhase phase = timeline.At(activity.StartSecond).Phase;
                if (activity.Tools.HasFlag(SurgicalTools.Clipper))
                {
                    phase.ShouldBe(SurgicalPhase.ClippingCutting);
                }

                if (activity.Tools.HasFlag(SurgicalTools.SpecimenBag))
                {
                    phase.ShouldBeOneOf(SurgicalPhase.GallbladderPackaging, SurgicalPhase.GallbladderRetraction);
                }
            }
        }
    }

    [Fact]
    public void Simulate_ManySeeds_TheCameraLeavesTheBodyNowAndThen()
    {
        double outside = Many.Value.Sum(p => (double)p.Timeline.Activities.Where(a => a.IsOutOfBody).Sum(a => a.EndSecond - a.StartSecond));

        (outside / Many.Value.Sum(p => (double)p.Timeline.DurationSeconds)).ShouldBeInRange(0.008, 0.03);
    }

    [Fact]
    public void Simulate_OfOneRange_DrawsEveryScaleFromThatRange()
    {
        foreach (AppearanceRange range in AppearanceRange.All)
        {
            for (int seed = 0; seed < 20; seed++)
            {
                CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(seed, Short with { Appearance = range });

                procedure.Appearance.Values.ShouldAllBe(v => range.Contains(v));
                procedure.Appearance.Values.ShouldAllBe(v => AppearanceRange.All.Where(r => r != range).All(r => !r.Contains(v)));
            }
        }
    }

    [Fact]
    public void RenderFrame_OutOfBody_LooksUnlikeTheField()
    {
        CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(4, new CholecystectomyOptions { OutOfBodyCount = 20 });
        ActivityInterval[] outside = [.. procedure.Timeline.Activities.Where(a => a.IsOutOfBody).Take(6)];

        outside.ShouldNotBeEmpty();
        foreach (ActivityInterval interval in outside)
        {
            using VideoFrame frame = procedure.RenderFrame(interval.StartSecond, 1, 48, 48);
            procedure.Timeline.At(interval.StartSecond).IsOutOfBody.ShouldBeTrue();
            frame.Pixels.ToArray().Distinct().Count().ShouldBeGreaterThan(10);
        }
    }

    [Theory]
    [InlineData(0.01, 0.05, 0.04, 1.5, "duration_scale")]
    [InlineData(1, 1.5, 0.04, 1.5, "return_probability")]
    [InlineData(1, 0.05, -1, 1.5, "skip_probability")]
    [InlineData(1, 0.05, 0.04, double.NaN, "out_of_body_count")]
    public void Simulate_OptionOutOfRange_IsNamed(double scale, double returns, double skips, double outside, string field)
    {
        CholecystectomyOptions options = new() { DurationScale = scale, ReturnProbability = returns, SkipProbability = skips, OutOfBodyCount = outside };

        Should.Throw<InvalidInputException>(() => CholecystectomyProcedure.Simulate(1, options)).Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Theory]
    [InlineData(0, 0.0, 64, "frames_per_second")]
    [InlineData(0, 61.0, 64, "frames_per_second")]
    [InlineData(0, 1.0, 16, "width")]
    [InlineData(-1, 1.0, 64, "index")]
    [InlineData(100_000, 1.0, 64, "index")]
    public void RenderFrame_BadArgument_IsNamed(int index, double rate, int size, string field)
    {
        CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(1, Short);

        Should.Throw<InvalidInputException>(() => procedure.RenderFrame(index, rate, size, size)).Violations[0].Field.ShouldBe(field);
    }

    [Fact]
    public void At_OutsideTheProcedure_Throws()
    {
        ProcedureTimeline timeline = CholecystectomyProcedure.Simulate(1, Short).Timeline;

        Should.Throw<ArgumentOutOfRangeException>(() => timeline.At(-0.1));
        Should.Throw<ArgumentOutOfRangeException>(() => timeline.At(timeline.DurationSeconds));
    }

    private static byte[][] Pixels(CholecystectomyProcedure procedure, double rate) =>
    [
        .. procedure.Frames(rate, 48, 40).Select(frame =>
        {
            using (frame)
            {
                return frame.Pixels.ToArray();
            }
        }),
    ];
}
