using MedGen.Evaluation.Experiments;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.Tests.Experiments;

public sealed class ExperimentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-experiment-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(8, 10, 0.4902, 0.9433)]
    [InlineData(0, 10, 0, 0.2775)]
    public void Wilson_OfAFewCases_IsTheScoreInterval(int right, int all, double low, double high) =>
        Proportion.Wilson(right, all).ShouldBe([low, high], 1e-4);

    [Fact]
    public void RankCorrelation_OfRanksWorkedOutByHand_IsSpearmans()
    {
        RankCorrelation.Of([10, 20, 30, 40], [1, 30, 2, 400]).ShouldBe(0.8, 1e-12); // 1 - 6 · 2 / (4 · 15)
        RankCorrelation.Of([1, 2, 2, 3], [1, 2, 2, 3]).ShouldBe(1, 1e-12);
        RankCorrelation.Of([1, 2, 3], [5, 5, 5]).ShouldBe(double.NaN);
        RankCorrelation.Of([1, 2], [1, 2]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Rare_ConceptsThatTheJudgeCannotTell_AreNotInTheCorrelation()
    {
        ExperimentRow[] rows = [Row(10, 1, 9), Row(20, 2, 9), Row(30, 3, 9), Row(40, 0, 3)]; // chance is 0.5

        RareExperiment.RankCorrelationOf(rows).ShouldBe(1, 1e-12);

        static ExperimentRow Row(int trainedOn, int right, int referenceRight) => new()
        {
            Series = "concept", Label = "", Clips = 4, Right = right, ReferenceClips = 10, ReferenceRight = referenceRight, Chance = 0.5, TrainedOn = trainedOn,
        };
    }

    [Fact]
    public void Limit_OnPromptsOfGroups_TakesFromEach()
    {
        ExperimentPrompt[] prompts = [Prompt("a", 1), Prompt("a", 2), Prompt("a", 3), Prompt("b", 4), Prompt("c", 5), Prompt("c", 6)];

        ExperimentClips.Spread(prompts).Select(prompt => prompt.Prompt).ShouldBe(["1", "4", "5", "2", "6", "3"]);

        static ExperimentPrompt Prompt(string group, int number) => new(group, $"{number}", new Concept("ct", "head"));
    }

    // The second feature varies more within the classes, so it counts less.
    [Fact]
    public void Concept_OfFeatures_IsTheNearestMeanByDeviations() => ConceptJudge.Nearest([[0, 0], [1, 10]], [0.1, 10], [0.2, 9]).ShouldBe(0);

    [Fact]
    public void SimulatedClips_OfAConcept_HaveItsLabelAndAreNotTheReferences()
    {
        ClipShape shape = new() { Width = 32, Height = 32, NumFrames = 1 };
        Concept polyp = new("es-colonoscopy", "polyp");

        SimulatedClips.Find(polyp, 3, SimulatedClips.HeldOutSeed, shape).Select(clip => clip.Truth.Label).ShouldBe(["polyp", "polyp", "polyp"]);
        SimulatedClips.Render(SimulatedClips.Find(polyp, 1, SimulatedClips.HeldOutSeed, shape)[0].Frames, shape)
            .ShouldNotBe(SimulatedClips.Render(SimulatedClips.Find(polyp, 1, SimulatedClips.ReferenceSeed, shape)[0].Frames, shape));
    }

    [Fact]
    public void Reports_OfOurOwn_AreWholeAndBecomePrompts()
    {
        IReadOnlyList<ReportSentence> sentences = ReportSentence.Read(path: null);

        sentences.Select(one => one.Kind).Distinct().Count().ShouldBeGreaterThan(5);
        sentences[0].ToPrompt().ShouldBe("A CT scan of the head, axial slices. No intracranial haemorrhage, no midline shift, ventricles of normal width.");
    }

    [Theory]
    [InlineData("pet", "head", "reports[0].kind")]
    [InlineData("ct", "foot", "reports[0].label")]
    public void Reports_OfNoSimulator_NameTheField(string kind, string label, string field)
    {
        string path = Path.Combine(_folder, "reports.json");
        File.WriteAllText(path, $$"""[ { "study": "A scan", "sentence": "Nothing.", "kind": "{{kind}}", "label": "{{label}}" } ]""");

        Should.Throw<InvalidInputException>(() => ReportSentence.Read(path)).Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }
}
