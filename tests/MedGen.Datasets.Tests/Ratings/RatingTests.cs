using MedGen.Datasets.Ratings;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Tests.Ratings;

public sealed class RatingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-rating-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Plan_OfTwoSystems_AsksEachKindAndSaysWhatItLeavesOut()
    {
        RatingPlan plan = await PlanAsync();

        plan.Items.Select(item => item.Id).ShouldBe(
        [
            "pairwise|a|A heart-0.mp4|b|A heart-0.mp4", "likert|a|A heart-0.mp4", "likert|a|A heart-1.mp4", "likert|b|A heart-0.mp4",
            "surgical|a|A heart-0.mp4|1", "surgical|a|A heart-0.mp4|3", "surgical|a|A heart-1.mp4|1", "surgical|a|A heart-1.mp4|3", "surgical|b|A heart-0.mp4|1",
            "surgical|b|A heart-0.mp4|3",
        ]);
        plan.LeftOut.ShouldBe(
        [
            "'A heart': a has 2 clips, b 1; 1 are compared.",
            "a: 2 clips are too short for the surgical questions at 8 s, which are left out there.",
            "b: 1 clips are too short for the surgical questions at 8 s, which are left out there.",
        ]);
    }

    [Fact]
    public async Task Order_OfRaters_DiffersBetweenThemAndIsTheSameAgain()
    {
        RatingPlan plan = await PlanAsync();

        string[][] orders = [.. new[] { "ann", "bob", "cleo", "dan" }.Select(rater => plan.For(rater).Select(one => $"{one.Item.Id} {one.IsFirstLeft}").ToArray())];

        plan.For("ann").Select(one => $"{one.Item.Id} {one.IsFirstLeft}").ShouldBe(orders[0]);
        orders.Select(order => string.Join(';', order)).Distinct().Count().ShouldBe(4);
        plan.For("ann").Select(one => one.Item).ShouldBe(plan.Items, ignoreOrder: true);
        Enumerable.Range(0, 40).Select(i => plan.For($"r{i}")[0].IsFirstLeft).Distinct().Count().ShouldBe(2, "each clip stands on both sides");
    }

    [Fact]
    public async Task Log_AfterALineThatWasCut_AsksThatPageAgainAndKeepsTheOthers()
    {
        RatingPlan plan = await PlanAsync();
        RatingItem heart = plan.Items[0];
        using (RatingLog log = RatingLog.Open(_folder))
        {
            log.IsAnswered("ann", heart).ShouldBeFalse();
            log.Add(Rows("ann", heart));
            log.Add(Rows("bob", heart));
            log.IsAnswered("ann", heart).ShouldBeTrue();
        }

        string path = Path.Combine(_folder, RatingLog.FileName);
        byte[] content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, content[..^5], TestContext.Current.CancellationToken);

        using (RatingLog log = RatingLog.Open(_folder))
        {
            log.IsAnswered("ann", heart).ShouldBeTrue();
            log.IsAnswered("bob", heart).ShouldBeFalse("one of its two answers is lost");
            log.Add(Rows("bob", heart));
        }

        (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Length.ShouldBeGreaterThan(content.Length);
        RatingTable.Read(path).Select(row => (row.Rater, row.Question, row.Answer)).ShouldBe(
            [("ann", "text_alignment", "a"), ("ann", "warping_error", "a"), ("bob", "text_alignment", "a"), ("bob", "warping_error", "a")]);
    }

    [Fact]
    public void Log_ThatAnotherServerWrites_IsRefused()
    {
        using RatingLog log = RatingLog.Open(_folder);

        Should.Throw<InvalidInputException>(() => RatingLog.Open(_folder)).Message.ShouldContain("another server");
    }

    [Theory]
    [InlineData("""{ "systems": ["a", "b"], "likert": ["beauty"] }""", "likert", "beauty")]
    [InlineData("""{ "systems": ["a"], "pairwise": ["visual_quality"] }""", "pairwise", "two systems")]
    [InlineData("""{ "systems": ["a", "../b"], "surgical": true }""", "systems", "folders below")]
    [InlineData("""{ "systems": ["a", "b"] }""", "likert", "nothing is asked")]
    public void Design_ThatBreaksARule_NamesTheField(string json, string field, string message)
    {
        string path = Path.Combine(_folder, "design.json");
        File.WriteAllText(path, json);

        InvalidInputException refused = Should.Throw<InvalidInputException>(() => RatingDesign.Read(path));

        refused.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
        refused.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("likert", "text_alignment", "6", "column answer")]
    [InlineData("pairwise", "text_alignment", "3", "allowed: a, b, tie")]
    [InlineData("likert", "beauty", "1", "column question")]
    [InlineData("2", "looks", "1", "column kind")]
    public void Table_WithAnAnswerThatIsNone_NamesLineAndColumn(string kind, string question, string answer, string message)
    {
        string path = Path.Combine(_folder, "ratings.csv");
        File.WriteAllText(path, $"{RatingTable.Header}2026-01-01T00:00:00Z,ann,{kind},i,p,{question},,a,b,a,{answer}\n");

        Should.Throw<InvalidInputException>(() => RatingTable.Read(path)).Message.ShouldContain(message);
    }

    private async Task<RatingPlan> PlanAsync()
    {
        foreach (string name in new[] { "a/A heart-0.mp4", "a/A heart-1.mp4", "b/A heart-0.mp4" })
        {
            string path = Path.Combine(_folder, "videos", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);
        }

        RatingDesign design = new() { Systems = ["a", "b"], Pairwise = ["text_alignment", "warping_error"], Likert = ["visual_quality"], Surgical = true };
        return await RatingPlan.MakeAsync(design, Path.Combine(_folder, "videos"), _ => Task.FromResult(3.0));
    }

    private static RatingRow[] Rows(string rater, RatingItem item) =>
    [
        .. item.Questions.Select(question => new RatingRow
        {
            Time = DateTimeOffset.UnixEpoch, Rater = rater, Kind = item.Kind, Item = item.Id, Prompt = item.Prompt, Question = question.Name,
            System = item.First.System, Other = item.Second!.System, Left = "a", Answer = "a",
        }),
    ];
}
