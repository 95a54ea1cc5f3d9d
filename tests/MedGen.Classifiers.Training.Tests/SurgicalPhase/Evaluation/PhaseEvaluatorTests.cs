using CsCheck;
using MedGen.Sdk.Errors;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.Tests.SurgicalPhase.Evaluation;

public sealed class PhaseEvaluatorTests
{
    // At 0.2 fps the 10 s of the relaxed rules are 2 frames. Ids from 1, as the script counts.
    private const double Fps = 0.2;
    private static readonly int[] Truth = [1, 1, 1, 1, 2, 2, 2, 2];
    private static readonly int[] Predicted = [1, 1, 2, 3, 1, 2, 2, 1];

    [Theory]
    [InlineData(PhaseProtocol.Strict, 50)]
    [InlineData(PhaseProtocol.Relaxed, 75)] // frame 3: early by one; frame 5: late by one
    [InlineData(PhaseProtocol.RelaxedMatlab, 62.5)] // frame 3 is not forgiven: its mask falls on frame 1
    public void Evaluate_SmallVideo_GivesTheAccuracyOfTheProtocol(PhaseProtocol protocol, double accuracy) =>
        Evaluate(protocol, Fps, Pair("1", Truth, Predicted)).AccuracyMean.ShouldBe(accuracy);

    [Theory]
    [InlineData(PhaseProtocol.Strict, 3)]
    [InlineData(PhaseProtocol.Relaxed, 5)]
    [InlineData(PhaseProtocol.RelaxedMatlab, 4)] // frame 1 is off by three and yet right, as frame 5 is early
    public void Evaluate_EarlyPackagingAndCleaning_ForgivesWhereTheProtocolSays(PhaseProtocol protocol, int right) =>
        Evaluate(protocol, Fps, Pair("1", [4, 4, 4, 4, 4, 4], [7, 4, 4, 4, 5, 6])).AccuracyMean.ShouldBe(100.0 * right / 6, 1e-9);

    [Theory]
    [InlineData(new[] { 6, 6, 6, 6, 6 }, new[] { 4, 5, 4, 6, 6 }, 80)] // two before is forgiven in the sixth phase, within the first two frames
    [InlineData(new[] { 5, 5, 5, 5, 5 }, new[] { 3, 4, 3, 5, 5 }, 60)] // only one before in the fifth
    [InlineData(new[] { 3, 3, 3, 3, 3 }, new[] { 3, 3, 3, 4, 5 }, 80)] // only one after in the third
    [InlineData(new[] { 5, 5, 5, 5, 5 }, new[] { 5, 5, 5, 6, 7 }, 100)] // two after from the fourth on
    [InlineData(new[] { 2, 2, 2, 2, 2 }, new[] { 2, 2, 1, 3, 2 }, 80)] // late by more than two frames
    public void Evaluate_PhaseOfTheBoundaryRules_ForgivesWhatItsRuleNames(int[] truth, int[] predicted, double accuracy) =>
        Evaluate(PhaseProtocol.Relaxed, Fps, Pair("1", truth, predicted)).AccuracyMean.ShouldBe(accuracy);

    [Theory]
    [InlineData(PhaseProtocol.Relaxed)]
    [InlineData(PhaseProtocol.RelaxedMatlab)]
    public void Evaluate_SegmentShorterThanTheBoundary_ForgivesAllOfIt(PhaseProtocol protocol) =>
        Evaluate(protocol, 25, Pair("1", [2, 2, 2], [1, 3, 1])).AccuracyMean.ShouldBe(100);

    [Fact]
    public void Evaluate_SmallVideo_GivesTheFiguresByPhase()
    {
        PhaseEvaluation e = Evaluate(PhaseProtocol.Relaxed, Fps, Pair("1", Truth, Predicted));

        // First phase: of it frames 1-4, predicted 1, 2, 5, 8; right among these 1, 2, 3, 5. Second: of it 5-8, predicted 3, 6, 7; right 3, 5, 6, 7.
        e.JaccardPerPhase.Take(3).ShouldBe([100.0 * 4 / 6, 100.0 * 4 / 5, null]);
        e.PrecisionPerPhase.Take(3).ShouldBe([100, 100, null]); // 4 of 3 is cut to 100
        e.RecallPerPhase.Take(3).ShouldBe([100, 100, null]);
        e.Jaccard!.Value.ShouldBe(220.0 / 3, 1e-9);
        e.JaccardStd!.Value.ShouldBe((80 - (200.0 / 3)) / Math.Sqrt(2), 1e-9);
        e.Confusion[0].ShouldBe([2, 1, 1, 0, 0, 0, 0]);
    }

    [Fact]
    public void Evaluate_TwoVideos_TakesMeansOverTheVideosThatShowThePhase()
    {
        PhaseEvaluation e = Evaluate(PhaseProtocol.Strict, 1, Pair("1", [1, 1, 2, 2], [1, 1, 2, 1]), Pair("2", [1, 1, 1, 1], [1, 2, 2, 2]));

        e.AccuracyMean.ShouldBe(50);
        e.AccuracyStd.ShouldBe(Math.Sqrt(2 * 25 * 25), 1e-9);
        e.RecallPerPhase.Take(2).ShouldBe([62.5, 50]); // the second video has no second phase
        e.RecallStdPerPhase[0]!.Value.ShouldBe(Math.Sqrt(2) * 37.5, 1e-9);
        e.PrecisionPerPhase[0]!.Value.ShouldBe((200.0 / 3 / 2) + 50, 1e-9);
        e.PrecisionPerPhase[1].ShouldBe(100);
    }

    [Fact]
    public void Evaluate_PhaseNeverPredicted_HasNoPrecisionAndNoRecall()
    {
        PhaseEvaluation e = Evaluate(PhaseProtocol.Strict, 1, Pair("1", [1, 1, 2], [1, 1, 1]));

        e.PrecisionPerPhase[1].ShouldBeNull();
        e.RecallPerPhase[1].ShouldBe(0);
        e.Recall.ShouldBe(50);
        e.Precision!.Value.ShouldBe(200.0 / 3, 1e-9);
    }

    [Fact]
    public void Evaluate_PhaseNeverPredictedButForgiven_HasAPrecisionOf100() =>
        Evaluate(PhaseProtocol.Relaxed, 1, Pair("1", [1, 1, 2], [1, 1, 1])).PrecisionPerPhase[1].ShouldBe(100);

    [Fact]
    public void Evaluate_Segments_AreScored()
    {
        // Truth 1 ×4, 2 ×4, 3 ×2; predicted 1 ×3, 2 ×2, 1 ×1, 2 ×2, 3 ×2.
        SegmentalScores s = Evaluate(PhaseProtocol.Strict, 2, Pair("1", [1, 1, 1, 1, 2, 2, 2, 2, 3, 3], [1, 1, 1, 2, 2, 1, 2, 2, 3, 3])).Segments;

        s.OverSegmentation.ShouldBe(5.0 / 3, 1e-9);
        s.Edit.ShouldBe(60, 1e-9); // two of five segments go
        s.F1At50.ShouldBe(100.0 * 2 * 3 / 8, 1e-9); // 3/4, 2/4 and 2/2 overlap; of the second only one part counts
        s.F1At10.ShouldBe(75, 1e-9);
        s.Transitions.ShouldBe(2);
        s.MissedTransitions.ShouldBe(0);
        s.TransitionDelayMedian.ShouldBe(-0.25); // one frame early, and on time
        s.TransitionDelayP90!.Value.ShouldBe(-0.05, 1e-9);
    }

    [Fact]
    public void Evaluate_Probabilities_GivesTheCalibrationError()
    {
        PhasePair pair = Pair("1", [1, 1], [1, 2]) with { Probabilities = [[0.75, 0.25, 0, 0, 0, 0, 0], [0.25, 0.75, 0, 0, 0, 0, 0]] };

        Evaluate(PhaseProtocol.Strict, 1, pair).CalibrationError.ShouldBe(0.25); // one bin, 75 % sure, 50 % right
    }

    [Fact]
    public void Evaluate_RelaxedForOtherPhases_IsRefused() =>
        Should.Throw<InvalidInputException>(() => PhaseEvaluator.Evaluate([Pair("1", [1], [1])], SurgicalWorkflow.AutoLaparo, PhaseProtocol.Relaxed, 1))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("protocol");

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(241)]
    public void Evaluate_RateOutOfRange_IsRefused(double fps) =>
        Should.Throw<InvalidInputException>(() => Evaluate(PhaseProtocol.Strict, fps, Pair("1", [1], [1]))).Violations.ShouldHaveSingleItem().Field.ShouldBe("fps");

    [Fact]
    public void Evaluate_AnyVideos_AgreesWithTheScriptReadLiterally()
    {
        Gen<int[]> runs = Gen.Select(Gen.Int[1, 7], Gen.Int[1, 12]).Array[1, 14].Select(r => r.SelectMany(x => Enumerable.Repeat(x.Item1, x.Item2)).ToArray());
        Gen<PhasePair> video = Gen.Select(runs, runs).Select((a, b) => Pair("1", a[..Math.Min(a.Length, b.Length)], b[..Math.Min(a.Length, b.Length)]));
        Gen.Select(video.Array[1, 4], Gen.Enum<PhaseProtocol>(), Gen.Int[1, 8]).Sample((pairs, protocol, boundary) =>
        {
            PhaseEvaluation actual = PhaseEvaluator.Evaluate(pairs, SurgicalWorkflow.Cholec80, protocol, boundary / 10.0);
            LiteralScript expected = LiteralScript.Run(pairs, protocol, boundary);
            actual.BoundaryFrames.ShouldBe(protocol == PhaseProtocol.Strict ? 0 : boundary);
            actual.AccuracyMean.ShouldBe(expected.Accuracy, 1e-9);
            actual.AccuracyStd.ShouldBe(expected.AccuracyStd, 1e-9);
            Same(actual.PrecisionPerPhase, expected.Precision);
            Same(actual.RecallPerPhase, expected.Recall);
            Same(actual.JaccardPerPhase, expected.Jaccard);
        });
    }

    private static void Same(IReadOnlyList<double?> actual, double[] expected)
    {
        for (int p = 0; p < expected.Length; p++)
        {
            (actual[p] ?? -1).ShouldBe(double.IsNaN(expected[p]) ? -1 : expected[p], 1e-9);
        }
    }

    private static PhaseEvaluation Evaluate(PhaseProtocol protocol, double fps, params PhasePair[] pairs) =>
        PhaseEvaluator.Evaluate(pairs, SurgicalWorkflow.Cholec80, protocol, fps);

    private static PhasePair Pair(string video, int[] truth, int[] predicted) =>
        new() { Video = video, Truth = [.. truth.Select(t => t - 1)], Predicted = [.. predicted.Select(t => t - 1)] };
}
