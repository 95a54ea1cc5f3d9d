using MedGen.Sdk.Classification;
using MedGen.Sdk.Errors;
using MedGen.Plugins.SurgicalPhase;
using MedGen.Classifiers.Temporal;

namespace MedGen.Classifiers.Training.Tests.SurgicalPhase;

public sealed class PhaseTrackerTests
{
    private static readonly WorkflowGraph Workflow = new(3, [(0, 1), (1, 2)]);

    [Fact]
    public void Next_NewPhase_IsProvisionalUntilItHasDwelled()
    {
        List<PhaseDecision> decisions = Run(Tracker("2", "2"), 0, 0, 0, 1, 1, 1);

        decisions.Select(d => d.State == PredictionState.Committed).ShouldBe([false, false, true, false, false, true]);
        decisions.Select(d => d.Since).ShouldBe([0, 0, 0, 3, 3, 3]);
        PhaseChange change = decisions[5].Change.ShouldNotBeNull();
        (change.From, change.To, change.Detected, change.Onset, change.IsLegal).ShouldBe((0, 1, 5, 3, true));
        change.Confidence.ShouldBe(0.8, 1e-9);
        decisions.Take(5).ShouldAllBe(d => d.Change == null);
    }

    [Fact]
    public void Next_Flicker_ChangesNothing()
    {
        PhaseTracker tracker = Tracker("2", "2");

        List<PhaseDecision> decisions = Run(tracker, 0, 0, 0, 1, 0, 1, 1, 0);

        decisions.ShouldAllBe(d => d.Change == null);
        decisions[^1].Since.ShouldBe(0);
        tracker.Course.ShouldAllBe(phase => phase == 0);
    }

    [Fact]
    public void Interrupt_OfAPhaseThatIsAboutToBeCommitted_LetsItBeginAnew()
    {
        PhaseTracker tracker = Tracker("2", "2");
        Run(tracker, 0, 0, 0, 1, 1);

        tracker.Interrupt();
        PhaseDecision after = tracker.Next(10, [0.1, 0.8, 0.1]);

        (after.State, after.Since, after.Change).ShouldBe((PredictionState.Provisional, 10, null));
    }

    [Fact]
    public void Next_CommittedPhase_CountsFromItsOnset()
    {
        PhaseTracker tracker = Tracker("2", "2");
        Run(tracker, 0, 0, 0, 1, 1, 1);

        tracker.Course.ShouldBe([0, 0, 0, 1, 1, 1]);
    }

    [Fact]
    public void Next_ChangeOutsideTheWorkflow_TakesLongerAndSaysSo()
    {
        List<PhaseDecision> decisions = Run(Tracker("1", "3"), 0, 0, 2, 2, 2, 2);

        decisions.Take(5).ShouldAllBe(d => d.Change == null);
        decisions[5].Change.ShouldNotBeNull().IsLegal.ShouldBeFalse();
    }

    [Fact]
    public void Next_NoDwell_CommitsAtOnce() => Run(Tracker("0", "0"), 0, 1).ShouldAllBe(d => d.State == PredictionState.Committed);

    [Theory]
    [InlineData("dwell", "-1", "allowed: 0 to 600.")]
    [InlineData("dwell", "NaN", "allowed: 0 to 600.")]
    [InlineData("dwell", "five", "allowed: 0 to 600.")]
    [InlineData("illegal_dwell", "4", "allowed: 5 to 600.")]
    [InlineData("low_confidence", "2", "allowed: 0 to 1.")]
    [InlineData("mode", "later", "allowed: online, offline.")]
    [InlineData("speed", "1", "allowed: dwell, illegal_dwell, low_confidence, mode.")]
    public void Parse_WrongParameter_IsNamed(string name, string value, string message)
    {
        InvalidInputException error = Should.Throw<InvalidInputException>(() => PhaseParameters.Parse(new Dictionary<string, string> { [name] = value }, isLive: false));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe($"parameters.{name}");
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void Parse_OfflineForALiveStream_IsRefused() =>
        Should.Throw<InvalidInputException>(() => PhaseParameters.Parse(new Dictionary<string, string> { ["mode"] = "offline" }, isLive: true));

    private static PhaseTracker Tracker(string dwell, string illegalDwell) =>
        new(Workflow, PhaseParameters.Parse(new Dictionary<string, string> { ["dwell"] = dwell, ["illegal_dwell"] = illegalDwell }, isLive: false));

    private static List<PhaseDecision> Run(PhaseTracker tracker, params int[] phases) =>
        [.. phases.Select((phase, second) => tracker.Next(second, [.. Enumerable.Range(0, 3).Select(p => p == phase ? 0.8 : 0.1)]))];
}
