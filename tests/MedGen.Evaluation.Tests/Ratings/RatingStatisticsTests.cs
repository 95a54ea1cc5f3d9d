using MedGen.Datasets.Ratings;
using MedGen.Evaluation.Ratings;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Tests.Ratings;

public sealed class RatingStatisticsTests
{
    // Four observers, twelve units; 0: no answer. K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section D, with its results.
    private static readonly double[][] Published =
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];

    [Theory]
    [InlineData(MeasurementLevel.Nominal, 0.743)]
    [InlineData(MeasurementLevel.Ordinal, 0.815)]
    [InlineData(MeasurementLevel.Interval, 0.849)]
    public void Alpha_OfKrippendorffsExample_IsThePublishedOne(MeasurementLevel level, double expected) =>
        KrippendorffAlpha.Of(Enumerable.Range(0, 12).Select(unit => Published.Select(rater => rater[unit]).Where(value => value > 0).ToArray()), level)
            .ShouldBe(expected, 0.0005);

    [Fact]
    public void Alpha_WhereNothingCanBeCompared_IsNotDefined()
    {
        KrippendorffAlpha.Of([[1], [2]], MeasurementLevel.Nominal).ShouldBe(double.NaN);
        KrippendorffAlpha.Of([[1, 1], [1, 1]], MeasurementLevel.Nominal).ShouldBe(double.NaN);
        KrippendorffAlpha.Of([[1, 1], [2, 2]], MeasurementLevel.Ordinal).ShouldBe(1);
    }

    // The worked example of four teams in Wikipedia's article "Bradley–Terry model": 0.139, 0.226, 0.143, 0.492.
    [Fact]
    public void BradleyTerry_OfAKnownTable_GivesItsStrengths() => BradleyTerry.Fit(new double[,] { { 0, 2, 0, 1 }, { 3, 0, 5, 0 }, { 0, 3, 0, 1 }, { 4, 0, 3, 0 } })!
        .ShouldBe([0.139, 0.226, 0.143, 0.492], 0.0006);

    [Fact]
    public void BradleyTerry_OfTwo_IsTheShareOfWins() => BradleyTerry.Fit(new double[,] { { 0, 3 }, { 1, 0 } })!.ShouldBe([0.75, 0.25], 1e-9);

    [Fact]
    public void BradleyTerry_OfOneThatNeverLost_IsNotDefined() => BradleyTerry.Fit(new double[,] { { 0, 3, 1 }, { 0, 0, 2 }, { 0, 1, 0 } }).ShouldBeNull();

    [Fact]
    public void Bootstrap_OfUnlikePrompts_HasAnIntervalAroundTheMeanAndNoneOfOnePrompt()
    {
        double[][] prompts = [.. Enumerable.Range(0, 100).Select(i => new[] { i % 2.0 })];

        (double low, double high) = ClusterBootstrap.Interval(prompts);

        low.ShouldBe(0.4, 0.02); // 0.5 - 1.96 · 0.05
        high.ShouldBe(0.6, 0.02);
        ClusterBootstrap.Interval([[1, 2, 3]]).Low.ShouldBe(double.NaN);
    }

    [Fact]
    public void Summary_OfAFewAnswers_IsWhatIsCountedByHand()
    {
        RatingRow[] rows =
        [
            Compared("ann", "p1", "a"), Compared("bob", "p1", "a"), Compared("ann", "p2", "b"), Compared("bob", "p2", "tie"),
            Rated("ann", "p1", "a", "2"), Rated("bob", "p1", "a", "4"), Rated("ann", "p2", "a", "3"), Rated("ann", "p1", "b", "1"),
        ];

        RatingSummary summary = RatingAnalysis.Of(rows, new Dictionary<string, double> { ["a"] = 91.02 });

        (summary.Raters, summary.Answers).ShouldBe((2, 8));
        WinRate rate = summary.WinRates.ShouldHaveSingleItem();
        (rate.System, rate.Other, rate.Answers, rate.Ties, rate.Rate).ShouldBe(("a", "b", 4, 1, 0.625));
        summary.Means.Select(mean => (mean.System, mean.Mean, mean.Answers)).ShouldBe([("a", 3.0, 3), ("b", 1.0, 1)]);
        summary.Strengths.ShouldHaveSingleItem().Strengths!["a"].ShouldBe(0.625, 1e-9);
        summary.Agreement.Select(one => (one.Kind, one.Units)).ShouldBe([("pairwise", 2), ("likert", 1)]);
        RatedTotal total = summary.Totals.ShouldHaveSingleItem();
        total.WarpingError.ShouldBe(50); // mean 3 on 1 to 5
        total.Total.ShouldBe((50 + (4 * 91.02)) / 6, 1e-9);
    }

    [Fact]
    public void Summary_WithATotalOfASystemThatNobodyRated_NamesTheRatedOnes() => Should.Throw<InvalidInputException>(
        () => RatingAnalysis.Of([Rated("ann", "p", "a", "1")], new Dictionary<string, double> { ["c"] = 80 })).Message.ShouldContain("'c' on the scale; rated: a");

    private static RatingRow Compared(string rater, string prompt, string answer) => new()
    {
        Time = default, Rater = rater, Kind = RatingKind.Pairwise, Item = $"pairwise {prompt}", Prompt = prompt, Question = "visual_quality", System = "a", Other = "b",
        Left = "b", Answer = answer,
    };

    private static RatingRow Rated(string rater, string prompt, string system, string answer) => new()
    {
        Time = default, Rater = rater, Kind = RatingKind.Likert, Item = $"likert {system} {prompt}", Prompt = prompt, Question = RatingQuestion.WarpingError,
        System = system, Answer = answer,
    };
}
