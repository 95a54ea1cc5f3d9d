using MedGen.Application.Curation;
using MedGen.Application.Jobs;
using MedGen.Sdk.Analysis;
using MedGen.WebConsole.Jobs;

namespace MedGen.Console.Tests.Jobs;

public class JobProgressTests
{
    private readonly JobProgress _progress = new();

    [Fact]
    public void Apply_EventsOfALife_AddUp()
    {
        Apply(1, new JobStateChanged { State = JobState.Queued });
        Apply(2, new JobStateChanged { State = JobState.Running, Attempt = 1 });
        Apply(3, new JobWarned { Message = "not known: glioma" });
        Apply(4, new JobProgressed { Stage = JobStage.Denoising, StepsDone = 2, StepsTotal = 5, TimeLeft = TimeSpan.FromSeconds(9) });

        (_progress.State, _progress.Step!.StepsDone, _progress.HasEnded, _progress.LastEvent).ShouldBe((JobState.Running, 2, false, 4L));
        _progress.Notes.ShouldBe(["not known: glioma"]);

        Apply(5, new JobStateChanged { State = JobState.Failed, Error = new JobError { Reason = "X", Message = "It broke." } });

        (_progress.HasEnded, _progress.Error!.Message).ShouldBe((true, "It broke."));
    }

    [Fact]
    public void Apply_AnEventThatCameBefore_ChangesNothing()
    {
        Apply(1, new JobWarned { Message = "once" });

        Apply(1, new JobWarned { Message = "once" });

        _progress.Notes.ShouldBe(["once"]);
    }

    [Fact]
    public void Apply_Findings_KeepsTheFinalApartFromTheInterim()
    {
        AnalyzerIdentity analyzer = new() { PluginId = "one", PluginVersion = "1", Task = "x", Outputs = [] };
        Apply(1, new FindingsReported { Findings = [new LabelFinding { Output = "x", Labels = ["a"] }], Analyzer = analyzer, Interim = true });
        Apply(2, new FindingsReported { Findings = [new LabelFinding { Output = "x", Labels = ["b"] }], Analyzer = analyzer });

        _progress.Findings.Single().Findings.OfType<LabelFinding>().Single().Labels.ShouldBe(["b"]);
        _progress.Interim.Single().Findings.OfType<LabelFinding>().Single().Labels.ShouldBe(["a"]);
    }

    [Fact]
    public void Apply_ACuration_KeepsWhatItCameTo()
    {
        VideosCurated curated = new() { Films = 3, Clips = 2, Seconds = 14, Splits = new Dictionary<string, int>(), Funnel = [new("shots", "clips", 3, 2, null)], Warnings = [] };

        Apply(1, curated);

        _progress.Curated.ShouldBe(curated);
    }

    private void Apply(long number, JobEventPayload payload) =>
        _progress.Apply(new JobEvent { JobId = "j", Number = number, Time = DateTimeOffset.UnixEpoch, Payload = payload });
}
