using System.Text.Json;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Serving;
using MedGen.Storage.Database;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>
/// What hosts write into the records that they share, against the text that hosts of this version write: during an upgrade versions run side by side.
/// A line may get members more; one that changes otherwise needs a new version of the schema, which keeps older hosts out.
/// </summary>
public class ClusterRecordsTests
{
    private const string Id = "0190c0c0c0c07c0c8c0c0c0c0c0c0c0c";

    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly object[] Records =
    [
        new Job
        {
            Id = Id, Kind = JobKind.Generation, Owner = "ann", Tenant = "house", Priority = ServicePriority.Interactive, State = JobState.Running,
            CreatedAt = Time, StartedAt = Time.AddSeconds(1), DeadlineAt = Time.AddMinutes(1), Stage = JobStage.Denoising, StepsDone = 5, StepsTotal = 20,
            Attempt = 2, SavedSteps = 5, HasAdvanced = true, CancelRequested = true, LastEvent = 7,
        },
        Event(new JobStateChanged { State = JobState.Queued }),
        Event(new JobStateChanged { State = JobState.Running, Attempt = 1 }),
        Event(new JobStateChanged { State = JobState.Queued, Attempt = 1, Note = "The host that ran it is gone; the job goes on after step 5." }),
        Event(new JobStateChanged
        {
            State = JobState.Failed, Attempt = 3, Error = new JobError { Code = ErrorCode.Internal, Reason = "ATTEMPTS_EXHAUSTED", Message = "No." },
        }),
        Event(new JobProgressed { Stage = JobStage.Denoising, StepsDone = 5, StepsTotal = 20, TimeLeft = TimeSpan.FromSeconds(1.5) }),
        Event(new JobCheckpointed { Step = 5 }),
        Event(new JobPreviewed { Step = 5, Width = 2, Height = 1, Png = new byte[] { 1, 2, 3 } }),
        Event(new JobWarned { Message = "Other than asked." }),
        "0123456789abcdef0123456789abcdef", // the host in the fact claim:JOB
    ];

    [Fact]
    public void Records_AreWrittenAndReadAsBefore()
    {
        string[] lines = File.ReadAllLines(RepositoryRoot.Path("tests", "fixtures", "cluster", "records.jsonl"));

        Records.Select(record => StoredJson.Of(record)).ShouldBe(lines);
        foreach ((object record, string line) in Records.Zip(lines))
        {
            StoredJson.Of(JsonSerializer.Deserialize(line, record.GetType(), JobJson.Options)).ShouldBe(line);
        }
    }

    [Fact]
    public void Job_OfANewerHost_IsReadAsFarAsItIsKnown()
    {
        string line = StoredJson.Of((Job)Records[0]);

        StoredJson.Of(JsonSerializer.Deserialize<Job>(line[..^1] + ""","placement":{"model":"x"}}""", JobJson.Options)).ShouldBe(line);
    }

    private static JobEvent Event(JobEventPayload payload) => new() { JobId = Id, Number = 3, Time = Time, Payload = payload };
}
