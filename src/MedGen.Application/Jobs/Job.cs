using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Serving;

namespace MedGen.Application.Jobs;

/// <summary>A long request and how far it has come. It outlives the call that made it, and the host. What was asked stays in the store.</summary>
public sealed record Job : IAuditedAnswer, IOwned
{
    /// <summary>Id: 32 lower-case hex digits, in the order of creation.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Name of the caller who asked for it.</summary>
    public required string Owner { get; init; }

    /// <summary>Tenant of its owner.</summary>
    public string Tenant { get; init; } = Tenants.Default;

    /// <summary>How urgent it is.</summary>
    public ServicePriority Priority { get; init; } = ServicePriority.Normal;

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it began to run (the last time); null: it never did.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it is given up, waiting included; null: never.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Part of the work that was reported last.</summary>
    public JobStage Stage { get; init; }

    /// <summary>Units of the stage that are done.</summary>
    public int StepsDone { get; init; }

    /// <summary>Units of the stage in all; 0: not known.</summary>
    public int StepsTotal { get; init; }

    /// <summary>Place among those that wait, in the queue or for the device, from 1; 0: it is at work, or has ended.</summary>
    public int Position { get; init; }

    /// <summary>
    /// Number of starts that count: one that an orderly stop of the host ended does not, nor does one after which something was saved.
    /// </summary>
    public int Attempt { get; init; }

    /// <summary>Denoising steps that need not be done again when the job is interrupted; 0: it starts from the beginning.</summary>
    public int SavedSteps { get; init; }

    /// <summary>Whether something was saved since the last start.</summary>
    public bool HasAdvanced { get; init; }

    /// <summary>Whether somebody asked a running job to stop; it does at its next step.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Number of the newest event.</summary>
    public long LastEvent { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public JobError? Error { get; init; }

    /// <summary>Ids of the artifacts that it made, those of earlier starts included: they are not made again.</summary>
    public IReadOnlyList<string> Results { get; init; } = [];

    /// <summary>Whether it has ended for good.</summary>
    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    string IOwned.Item => $"job:{Id}";

    string IAuditedAnswer.AuditSubject => $"job:{Id}";

    /// <summary>The job after its next event. This is the one place that knows which state may follow which.</summary>
    /// <param name="next">The event after <see cref="LastEvent"/>.</param>
    /// <returns>The changed copy.</returns>
    /// <exception cref="ArgumentException">The event is not the next one of this job.</exception>
    /// <exception cref="FailedPreconditionException">The job has ended, or the event's state cannot follow the job's.</exception>
    public Job Apply(JobEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (next.JobId != Id || next.Number != LastEvent + 1)
        {
            throw new ArgumentException($"Event {LastEvent + 1} of job '{Id}' is next, got event {next.Number} of '{next.JobId}'.", nameof(next));
        }

        if (HasEnded)
        {
            throw new FailedPreconditionException("JOB_ENDED", $"The job '{Id}' has ended ({State}); nothing more can happen to it.");
        }

        Job changed = next.Payload switch
        {
            JobStateChanged change => Enter(change, next.Time),
            JobProgressed progress =>
                this with { Stage = progress.Stage, StepsDone = progress.StepsDone, StepsTotal = progress.StepsTotal, Position = progress.Position },
            JobCheckpointed checkpoint => this with { SavedSteps = checkpoint.Step, HasAdvanced = true },
            JobRestarted => this with { SavedSteps = 0 },
            ArtifactProduced produced => this with { Results = [.. Results, produced.Artifact.Id] },
            _ => this,
        };
        return changed with { LastEvent = next.Number };
    }

    /// <summary>The change of state of a job whose deadline has passed.</summary>
    /// <returns>Failed with the reason <c>DEADLINE_EXCEEDED</c>.</returns>
    /// <exception cref="InvalidOperationException">The job has no deadline.</exception>
    public JobStateChanged TimeIsUp()
    {
        TimeSpan given = DeadlineAt - CreatedAt ?? throw new InvalidOperationException($"The job '{Id}' has no deadline.");
        string message = $"The job did not end within the {given.TotalSeconds:0.###} s that it was given.";
        return new JobStateChanged { State = JobState.Failed, Attempt = Attempt, Error = JobError.Of(new DeadlineExceededException(message)) };
    }

    /// <summary>The change of state of a job that the host stops: back to the queue, and the start does not count.</summary>
    /// <returns>Queued.</returns>
    public JobStateChanged Stopped() =>
        new() { State = JobState.Queued, Attempt = Attempt - 1, Note = "The host stopped; the job goes on at its next start." };

    private Job Enter(JobStateChanged change, DateTimeOffset time)
    {
        bool allowed = (State, change.State) switch
        {
            (JobState.Queued, JobState.Queued) => LastEvent == 0,
            (JobState.Queued, JobState.Succeeded) => false,
            (JobState.Running, JobState.Running) => false,
            _ => true,
        };
        if (!allowed)
        {
            throw new FailedPreconditionException("JOB_STATE", $"The job '{Id}' is {State} and cannot become {change.State}.");
        }

        return change.State switch
        {
            JobState.Queued => this with
            {
                State = JobState.Queued,
                Attempt = change.Attempt,
                Stage = JobStage.Preparing,
                StepsDone = 0,
                StepsTotal = 0,
                Position = 0,
            },
            JobState.Running => this with { State = JobState.Running, Attempt = change.Attempt, StartedAt = time, HasAdvanced = false, Position = 0 },
            _ => this with { State = change.State, Error = change.Error, EndedAt = time, Position = 0 },
        };
    }
}
