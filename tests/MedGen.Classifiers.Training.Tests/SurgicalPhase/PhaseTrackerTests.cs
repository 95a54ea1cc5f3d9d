using System.Text.Json;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Parameters;
using MedGen.Plugins.SurgicalPhase;
using MedGen.Classifiers.Temporal;

namespace MedGen.Classifiers.Training.Tests.SurgicalPhase;

public sealed class PhaseTrackerTests
{
    private static readonly WorkflowGraph Workflow = new(3, [(0, 1), (1, 2)]);

    [Fact]
    public void Next_NewPhase_IsProvisionalUntilItHasDwelled()
    {
        List<PhaseDecision> decisions = Run(Tracker(2, 2), 0, 0, 0, 1, 1, 1);

        decisions.Select(d => d.State == LabelState.Committed).ShouldBe([false, false, true, false, false, true]);
        decisions.Select(d => d.Since).ShouldBe([0, 0, 0, 3, 3, 3]);
        PhaseChange change = decisions[5].Change.ShouldNotBeNull();
        (change.From, change.To, change.Detected, change.Onset, change.IsLegal).ShouldBe((0, 1, 5, 3, true));
        change.Confidence.ShouldBe(0.8, 1e-9);
        decisions.Take(5).ShouldAllBe(d => d.Change == null);
    }

    [Fact]
    public void Next_Flicker_ChangesNothing()
    {
        PhaseTracker tracker = Tracker(2, 2);

        List<PhaseDecision> decisions = Run(tracker, 0, 0, 0, 1, 0, 1, 1, 0);

        decisions.ShouldAllBe(d => d.Change == null);
        decisions[^1].Since.ShouldBe(0);
        tracker.Course.ShouldAllBe(phase => phase == 0);
    }

    [Fact]
    public void Interrupt_OfAPhaseThatIsAboutToBeCommitted_LetsItBeginAnew()
    {
        PhaseTracker tracker = Tracker(2, 2);
        Run(tracker, 0, 0, 0, 1, 1);

        tracker.Interrupt();
        PhaseDecision after = tracker.Next(10, [0.1, 0.8, 0.1]);

        (after.State, after.Since, after.Change).ShouldBe((LabelState.Provisional, 10, null));
    }

    [Fact]
    public void Next_CommittedPhase_CountsFromItsOnset()
    {
        PhaseTracker tracker = Tracker(2, 2);
        Run(tracker, 0, 0, 0, 1, 1, 1);

        tracker.Course.ShouldBe([0, 0, 0, 1, 1, 1]);
    }

    [Fact]
    public void Next_ChangeOutsideTheWorkflow_TakesLongerAndSaysSo()
    {
        List<PhaseDecision> decisions = Run(Tracker(1, 3), 0, 0, 2, 2, 2, 2);

        decisions.Take(5).ShouldAllBe(d => d.Change == null);
        decisions[5].Change.ShouldNotBeNull().IsLegal.ShouldBeFalse();
    }

    [Fact]
    public void Next_NoDwell_CommitsAtOnce() => Run(Tracker(0, 0), 0, 1).ShouldAllBe(d => d.State == LabelState.Committed);

    [Fact]
    public void Schema_OfTheParameters_HasTheirRanges()
    {
        JsonElement properties = JsonDocument.Parse(ParameterSchema.Of<PhaseParameters>()).RootElement.GetProperty("properties");

        (double Least, double Most) Range(string name) => (properties.GetProperty(name).GetProperty("minimum").GetDouble(), properties.GetProperty(name).GetProperty("maximum").GetDouble());
        Range("dwell").ShouldBe((0, 600));
        Range("illegal_dwell").ShouldBe((0, 600));
        Range("low_confidence").ShouldBe((0, 1));
        properties.GetProperty("mode").GetProperty("enum").EnumerateArray().Select(value => value.GetString()).ShouldBe(["online", "offline"]);
    }

    [Fact]
    public void Check_IllegalDwellBelowTheDwell_IsNamed()
    {
        InvalidInputException error = Should.Throw<InvalidInputException>(() => Checked("""{ "dwell": 20, "illegal_dwell": 4 }""", isLive: false));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("parameters.illegal_dwell");
        error.Message.ShouldContain("allowed: 20 to 600");
    }

    [Theory]
    [InlineData("""{ "dwell": "five" }""")]
    [InlineData("""{ "mode": "later" }""")]
    [InlineData("""{ "speed": 1 }""")]
    public void ReadParameters_OfAnotherKind_AreRefused(string parameters) =>
        Should.Throw<InvalidInputException>(() => Checked(parameters, isLive: false)).Violations[0].Field.ShouldStartWith("parameters");

    [Fact]
    public void Check_OfflineForALiveStream_IsRefused() =>
        Should.Throw<InvalidInputException>(() => Checked("""{ "mode": "offline" }""", isLive: true)).Violations[0].Field.ShouldBe("parameters.mode");

    private static PhaseParameters Checked(string parameters, bool isLive)
    {
        PhaseParameters read = new AnalysisRequest { Parameters = parameters }.ReadParameters<PhaseParameters>();
        Violations violations = new();
        read.Check(violations.In("parameters"), isLive);
        violations.ThrowIfAny();
        return read;
    }

    private static PhaseTracker Tracker(double dwell, double illegalDwell) => new(Workflow, new PhaseParameters { Dwell = dwell, IllegalDwell = illegalDwell });

    private static List<PhaseDecision> Run(PhaseTracker tracker, params int[] phases) =>
        [.. phases.Select((phase, second) => tracker.Next(second, [.. Enumerable.Range(0, 3).Select(p => p == phase ? 0.8 : 0.1)]))];
}
