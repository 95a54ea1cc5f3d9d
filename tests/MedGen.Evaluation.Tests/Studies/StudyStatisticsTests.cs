using System.Collections.Concurrent;
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
    public void Results_OfTwoTrainings_HaveTheirMeanConfusionAndTheirAnswersByConfidence()
    {
        StudySpec spec = new() { Name = "s", Arms = [new() { Name = "real" }, new() { Name = "more" }], Seeds = 3, Fractions = [1], Resamples = 200 };
        StudyStatistics statistics = new(spec, ["p", "q", "r"], [0, 0, 1], 2);

        ArmResult result = statistics.Of("real", 1, 5, [[[0.9, 0.1], [0.35, 0.65], [0.4, 0.6]], [[0.8, 0.2], [0.9, 0.1], [0.62, 0.38]], [[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]]]);

        result.Confusion[0].ShouldBe([5 / 3.0, 1 / 3.0]);
        result.Confusion[1].ShouldBe([1 / 3.0, 2 / 3.0]);
        result.Reliability.Select(bin => (bin.Answers, Math.Round(bin.Confidence, 6), Math.Round(bin.Accuracy, 6)))
            .ShouldBe([(3, 0.623333, 0.333333), (1, 0.8, 1.0), (5, 0.9, 1.0)]);
    }

    [Fact]
    public void Holm_OfFourValues_IsTheTextbookAnswer() =>
        PatientBootstrap.Holm([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 9)).ShouldBe([0.03, 0.06, 0.06, 0.02]);

    [Fact]
    public void Bootstrap_DrawsWholePatientsWithinTheirClassesAndTrainings()
    {
        PatientBootstrap bootstrap = new(["p", "p", "q", "r"], [0, 0, 0, 1], trainings: 3, resamples: 500, seed: 1);
        ConcurrentBag<PatientBootstrap.Sample> samples = [];
        bootstrap.Distribution(sample =>
        {
            samples.Add(sample);
            return 0;
        });

        samples.ShouldAllBe(sample => sample.Clips.Count(index => index == 3) == 1);
        samples.ShouldAllBe(sample => sample.Clips.Count(index => index == 0) == sample.Clips.Count(index => index == 1));
        samples.Select(sample => sample.Clips.Count(index => index == 2)).Distinct().Order().ShouldBe([0, 1, 2]);
        samples.ShouldAllBe(sample => sample.Trainings.Length == 3);
        samples.Select(sample => sample.Trainings.Distinct().Count()).Distinct().Order().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Interval_OfAKnownDistribution_IsItsQuantiles()
    {
        double[] ramp = [.. Enumerable.Range(0, 1001).Select(i => i / 1000.0)]; // standard deviation 0.2891

        PatientBootstrap.Interval(ramp).ShouldBe((0.025, 0.975));
        PatientBootstrap.AdjustedInterval(0.5, ramp, 1).Low.ShouldBe(0.5 - (1.959964 * 0.28911), 1e-3);
        PatientBootstrap.AdjustedInterval(0.5, ramp, 10).High.ShouldBe(0.5 + (2.807034 * 0.28911), 1e-3); // z of 0.0025
        PatientBootstrap.MinDetectable(ramp, 1).ShouldBe((1.959964 + 0.841621) * 0.28911, 1e-3);
        PatientBootstrap.IsWithin(ramp, 0.96).ShouldBeTrue();
        PatientBootstrap.IsWithin(ramp, 0.94).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963985)]
    [InlineData(0.2, -0.841621234)]
    [InlineData(0.001, -3.090232306)]
    [InlineData(1e-12, -7.034483825)]
    public void Quantile_OfTheNormalDistribution_IsTheTabulatedOne(double share, double expected) => Normal.Quantile(share).ShouldBe(expected, 1e-6);

    [Fact]
    public void SignFlips_OfThreePatients_AreAllEight() =>
        // |±1 ±2 ±3| is 6 twice, 4 twice, 2 twice and 0 twice; a patient who does not differ counts for nothing.
        new[] { SignFlipTest.PValue([1, 2, 3, 0], 1, 1), SignFlipTest.PValue([-1, 2, 3], 1, 1), SignFlipTest.PValue([], 1, 1) }.ShouldBe([0.25, 0.5, 1]);

    [Fact]
    public void SignFlips_OfManyPatients_AreDrawnAndNearTheNormalAnswer()
    {
        double[] alternating = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 1.0 : -1)]; // 20 of a standard deviation of 10

        SignFlipTest.PValue(alternating, 20_000, 1).ShouldBe(0.0569, 0.006); // binomial
        SignFlipTest.PValue([.. Enumerable.Repeat(1.0, 100)], 999, 1).ShouldBe(0.001, 1e-12); // none of the draws: never 0
    }

    [Fact]
    public void Differences_ByPatient_AddUpToThatOfTheBalancedAccuracies()
    {
        // Class 0: three clips of p and q, class 1: one of r. The arm gets one more of p right in one of two trainings, and loses r.
        double[] differences = SignFlipTest.DifferencesByPatient(["p", "p", "q", "r"], [0, 0, 0, 1], [[0, 0, 0, 0], [0, 0, 0, 0]], [[0, 1, 0, 1], [0, 0, 0, 1]]);

        differences.Select(one => Math.Round(one, 9)).ShouldBe([Math.Round(1 / 12.0, 9), 0, -0.5]);
    }

    [Fact]
    [Long]
    public void Judge_OfArmsWithoutAnEffect_SaysThatTheyImproveInOneOfTwentyStudiesAtMost()
    {
        int wrong = 0;
        for (int study = 0; study < 200; study++)
        {
            wrong += Simulated(study, [0.75, 0.75, 0.75, 0.75]).Any(result => result.Verdict is "improves" or "worsens") ? 1 : 0;
        }

        wrong.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact, Long]
    public void Judge_OfAMislabelledArm_SaysThatItWorsens()
    {
        int found = 0;
        double detectable = 0;
        for (int study = 0; study < 40; study++)
        {
            ArmResult mislabelled = Simulated(study, [0.75, 0.75, 0.5])[2];
            found += mislabelled.Verdict == "worsens" ? 1 : 0;
            detectable += mislabelled.MinDetectable / 40;
        }

        detectable.ShouldBeLessThan(0.25); // so the power is 80 % or more
        found.ShouldBeGreaterThanOrEqualTo(32);
    }

    [Fact]
    public void Judge_OfABaselineThatIsConstantAtOneShare_SaysNothingThere()
    {
        StudyStatistics statistics = new(Spec(["real", "a"]), ["p", "q"], [0, 1], classes: 2);
        double[][][] constant = [.. Enumerable.Repeat<double[][]>([[0.9, 0.1], [0.9, 0.1]], 5)];
        double[][][] right = [.. Enumerable.Repeat<double[][]>([[0.9, 0.1], [0.1, 0.9]], 5)];
        ArmResult[] results = [.. new[] { (0.5, constant), (1.0, right) }.SelectMany(share =>
        {
            ArmResult baseline = statistics.Of("real", share.Item1, 1, share.Item2);
            return new[] { baseline, statistics.Against(statistics.Of("a", share.Item1, 1, right), right, baseline, share.Item2) };
        })];

        string[] verdicts = [.. statistics.Judge(results, fewestPatients: 30).Where(result => result.Arm == "a").Select(result => result.Verdict)];

        verdicts[0].ShouldStartWith("nothing can be said: the baseline gives one answer");
        verdicts[1].ShouldStartWith("equivalent");
    }

    [Theory]
    [InlineData(0.02, 0.1, 0.01, false, false, 30, "improves")]
    [InlineData(-0.1, -0.02, 0.01, false, false, 30, "worsens")]
    [InlineData(0.002, 0.03, 0.01, true, false, 30, "improves")]
    [InlineData(-0.01, 0.1, 0.01, false, false, 30, "no difference is shown; one of less than 0.120 may have been missed")]
    [InlineData(0.02, 0.1, 0.06, false, false, 30, "no difference is shown")]
    [InlineData(-0.01, 0.02, 0.5, true, false, 30, "equivalent within ±0.05")]
    [InlineData(0.02, 0.1, 0.01, false, true, 30, "nothing can be said: the baseline gives one answer")]
    [InlineData(0.02, 0.1, 0.01, true, false, 19, "nothing can be said: a class has 19 test patients")]
    public void Verdict_FollowsItsRules(double low, double high, double p, bool isEquivalent, bool isConstant, int patients, string expected) =>
        StudyVerdict.Of(
            new ArmResult
            {
                Arm = "a", Fraction = 1, Examples = 1, Scores = new(0, 0, 0, 0, []), EachSeed = [], Low = 0, High = 0, DifferenceLow = low, DifferenceHigh = high, AdjustedP = p,
                IsEquivalent = isEquivalent, MinDetectable = 0.12,
            },
            Spec(["real", "a"]), isConstant, patients).ShouldStartWith(expected);

    [Fact]
    public void Draw_AtAShareOfThePatients_UsesNoClipThatDependsOnTheOthers()
    {
        StudyExample Example(string label, string patient, params string[] sources) => new(label, patient, sources, [0]);
        StudyExample[] train = [.. Enumerable.Range(0, 8).Select(i => Example(i < 4 ? "a" : "b", $"p{i}"))];
        StudyExample[] pool = [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Repeat(Example(i < 4 ? "a" : "b", "", $"p{i}"), 5))];
        StudyData data = new(train, [], [], [], new Dictionary<string, IReadOnlyList<StudyExample>> { ["made"] = pool });

        IReadOnlyList<StudyExample> drawn = ArmSample.Draw(data, new StudyArm { Name = "x", Pools = new Dictionary<string, double> { ["made"] = 2 } }, 0.5, seed: 1);

        string[] patients = [.. drawn.Where(example => example.Patient.Length > 0).Select(example => example.Patient)];
        patients.Length.ShouldBe(4); // with replacement: one may be there twice
        drawn.Count(example => example.Patient.Length == 0).ShouldBe(8);
        drawn.SelectMany(example => example.DependsOn).ShouldAllBe(source => patients.Contains(source));
        ArmSample.Draw(data, new StudyArm { Name = "real" }, 0.5, seed: 1).Select(example => example.Patient).ShouldBe(patients);
    }

    [Fact]
    public void Draw_WithAllPatients_DiffersBetweenSeeds()
    {
        StudyExample[] train = [.. Enumerable.Range(0, 8).Select(i => new StudyExample(i < 4 ? "a" : "b", $"p{i}", [], [0]))];
        StudyData data = new(train, [], [], [], new Dictionary<string, IReadOnlyList<StudyExample>>());

        string[] draws = [.. Enumerable.Range(0, 5).Select(seed => string.Join(' ', ArmSample.Draw(data, new StudyArm { Name = "real" }, 1, seed).Select(example => example.Patient)))];

        draws.Distinct().Count().ShouldBe(5);
        draws.ShouldAllBe(draw => draw.Length == (8 * 3) - 1);
    }

    // 40 patients a class with two clips each, five trainings; patients differ in how hard they are, trainings in how well they went.
    private static ArmResult[] Simulated(int study, double[] accuracies)
    {
        const int Patients = 80;
        Random random = new(study);
        string[] patients = [.. Enumerable.Range(0, 2 * Patients).Select(clip => $"p{clip / 2}")];
        int[] truth = [.. Enumerable.Range(0, 2 * Patients).Select(clip => clip / Patients)];
        double[] hardness = [.. Enumerable.Range(0, Patients).Select(_ => 0.3 * (random.NextDouble() - 0.5))];
        StudyStatistics statistics = new(Spec([.. accuracies.Select((_, arm) => $"arm {arm}")]), patients, truth, classes: 2);
        List<ArmResult> results = [];
        double[][][]? first = null;
        foreach ((int arm, double accuracy) in accuracies.Index())
        {
            double[][][] answers =
            [
                .. Enumerable.Range(0, 5).Select(_ =>
                {
                    double skill = accuracy + (0.06 * (random.NextDouble() - 0.5));
                    return truth.Select((label, clip) => random.NextDouble() < skill - hardness[clip / 2] == (label == 0) ? new[] { 0.9, 0.1 } : [0.1, 0.9]).ToArray();
                }),
            ];
            ArmResult own = statistics.Of($"arm {arm}", 1, 1, answers);
            results.Add(first is null ? own : statistics.Against(own, answers, results[0], first));
            first ??= answers;
        }

        return statistics.Judge(results, Patients / 2);
    }

    private static StudySpec Spec(string[] arms) => new()
    {
        Name = "simulated", Pools = new Dictionary<string, System.Text.Json.JsonElement>(), Arms = [.. arms.Select(name => new StudyArm { Name = name })], Fractions = [1], Seeds = 5, Resamples = 500,
    };
}
