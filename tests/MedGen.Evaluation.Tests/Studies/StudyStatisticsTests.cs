using MedGen.Evaluation.Studies;

namespace MedGen.Evaluation.Tests.Studies;

public sealed class StudyStatisticsTests
{
    [Fact]
    public void Scores_OfHandMadeAnswers_AreTheHandComputedOnes()
    {
        // Truth 0 0 0 1; answers 0 0 1 1. Recall 2/3 and 1; F1 0.8 and 2/3. Of the pairs (1 against 0), 0.7 beats 0.4, 0.2 and 0.6.
        ClassificationScores scores = ClassificationScores.Of([0, 0, 0, 1], [[0.6, 0.4], [0.8, 0.2], [0.4, 0.6], [0.3, 0.7]], 2);

        scores.BalancedAccuracy.ShouldBe(5 / 6.0, 1e-9);
        scores.MacroF1.ShouldBe(((2 * 2 / 5.0) + (2 / 3.0)) / 2, 1e-9);
        scores.Auroc.ShouldBe(1, 1e-9);
        scores.Recall.ShouldBe([2 / 3.0, 1]);

        // Bins of 0.6 (one right, one wrong), 0.7 and 0.8: |1.2 − 1| + |0.7 − 1| + |0.8 − 1|, over 4.
        scores.CalibrationError.ShouldBe((0.2 + 0.3 + 0.2) / 4, 1e-9);
    }

    [Fact]
    public void Holm_OfFourValues_IsTheTextbookAnswer() =>
        PatientBootstrap.Holm([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 9)).ShouldBe([0.03, 0.06, 0.06, 0.02]);

    [Fact]
    public void Bootstrap_DrawsWholePatientsWithinTheirClasses()
    {
        PatientBootstrap bootstrap = new(["p", "p", "q", "r"], [0, 0, 0, 1], resamples: 500, seed: 1);
        List<int[]> samples = [];
        bootstrap.Distribution(sample =>
        {
            lock (samples)
            {
                samples.Add(sample);
            }

            return 0;
        });

        samples.ShouldAllBe(sample => sample.Count(index => index == 3) == 1);
        samples.ShouldAllBe(sample => sample.Count(index => index == 0) == sample.Count(index => index == 1));
        samples.Select(sample => sample.Count(index => index == 2)).Distinct().Order().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Interval_AndPValue_OfKnownDistributions_AreTheirQuantiles()
    {
        double[] ramp = [.. Enumerable.Range(0, 1001).Select(i => i / 1000.0)];

        PatientBootstrap.Interval(ramp).ShouldBe((0.025, 0.975));
        PatientBootstrap.PValue([.. ramp.Select(value => value - 0.5)]).ShouldBe(1, 1e-9);
        PatientBootstrap.PValue([.. ramp.Select(value => value + 0.1)]).ShouldBe(2.0 / 1002, 1e-9);
    }

    [Theory]
    [InlineData(0.02, 0.1, 0.01, false, 30, "improves")]
    [InlineData(-0.1, -0.02, 0.01, false, 30, "worsens")]
    [InlineData(-0.01, 0.1, 0.01, false, 30, "no difference is shown")]
    [InlineData(0.02, 0.1, 0.06, false, 30, "no difference is shown")]
    [InlineData(0.02, 0.1, 0.01, true, 30, "nothing can be said: the baseline gives one answer")]
    [InlineData(0.02, 0.1, 0.01, false, 19, "nothing can be said: a class has 19 test patients")]
    public void Verdict_FollowsItsRules(double low, double high, double p, bool isConstant, int patients, string expected) =>
        StudyVerdict.Of(
            new ArmResult { Arm = "a", Fraction = 1, Examples = 1, Scores = new(0, 0, 0, 0, []), EachSeed = [], Low = 0, High = 0, DifferenceLow = low, DifferenceHigh = high, AdjustedP = p },
            isConstant, patients, 20).ShouldStartWith(expected);

    [Fact]
    public void Draw_AtAShareOfThePatients_UsesNoClipThatDependsOnTheOthers()
    {
        StudyExample Example(string label, string patient, params string[] sources) => new(label, patient, sources, [0]);
        StudyExample[] train = [.. Enumerable.Range(0, 8).Select(i => Example(i < 4 ? "a" : "b", $"p{i}"))];
        StudyExample[] pool = [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Repeat(Example(i < 4 ? "a" : "b", "", $"p{i}"), 5))];
        StudyData data = new(train, [], [], new Dictionary<string, IReadOnlyList<StudyExample>> { ["made"] = pool });

        IReadOnlyList<StudyExample> drawn = ArmSample.Draw(data, new StudyArm { Name = "x", Pools = new Dictionary<string, double> { ["made"] = 2 } }, 0.5, seed: 1);

        string[] patients = [.. drawn.Where(example => example.Patient.Length > 0).Select(example => example.Patient)];
        patients.Length.ShouldBe(4);
        drawn.Count(example => example.Patient.Length == 0).ShouldBe(8);
        drawn.SelectMany(example => example.DependsOn).ShouldAllBe(source => patients.Contains(source));
        ArmSample.Draw(data, new StudyArm { Name = "real" }, 0.5, seed: 1).Select(example => example.Patient).ShouldBe(patients);
    }
}
