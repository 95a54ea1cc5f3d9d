using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Serving;
using MedGen.Application.Curation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Earlier;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class JobMapping
{
    public static Proto.Job ToProto(this Job job) => new()
    {
        JobId = job.Id,
        Kind = job.Kind.ToProto(),
        State = job.State.ToProto(),
        Stage = job.Stage.ToProto(),
        StepsDone = job.StepsDone,
        StepsTotal = job.StepsTotal,
        CreatedAt = Timestamp.FromDateTimeOffset(job.CreatedAt),
        StartedAt = job.StartedAt.ToTimestamp(),
        EndedAt = job.EndedAt.ToTimestamp(),
        DeadlineAt = job.DeadlineAt.ToTimestamp(),
        Error = job.Error?.ToProto(),
        ResultArtifactIds = { job.Results },
        LastEvent = job.LastEvent,
        Owner = job.Owner,
        Tenant = job.Tenant,
        Attempt = job.Attempt,
        CancelRequested = job.CancelRequested,
        Priority = job.Priority.ToProto(),
        Position = job.Position,
        SavedSteps = job.SavedSteps,
    };

    public static Proto.JobEvent ToProto(this JobEvent happened)
    {
        Proto.JobEvent proto = new() { Number = happened.Number, Time = Timestamp.FromDateTimeOffset(happened.Time) };
        switch (happened.Payload)
        {
            case JobStateChanged state:
                proto.State = state.ToProto();
                break;
            case JobProgressed progress:
                proto.Progress = progress.ToProto();
                break;
            case JobPreviewed preview:
                proto.Preview = preview.ToProto();
                break;
            case JobWarned warned:
                proto.Warning = new Proto.JobWarning { Message = warned.Message, UnknownWords = { warned.UnknownWords } };
                break;
            case FindingsReported reported:
                proto.Findings = reported.ToProto();
                break;
            case IEarlierAnswer earlier:
                proto.Findings = earlier.ToFindings().ToProto();
                break;
            case AnalysisFinished finished:
                proto.AnalysisSummary = FindingMapping.ToProto(finished.FramesAnalyzed, finished.Analyzer);
                break;
            case AugmentationAdvanced advanced:
                proto.AugmentationYield = advanced.ToProto();
                break;
            case DatasetAugmented augmented:
                proto.AugmentationSummary = augmented.ToProto();
                break;
            case VideosCurated curated:
                proto.CurationSummary = curated.ToProto();
                break;
            case ArtifactProduced produced:
                proto.Result = produced.Artifact.ToProto();
                break;
            case JobCheckpointed checkpoint:
                proto.Checkpoint = new Proto.JobCheckpoint { Step = checkpoint.Step };
                break;
            case JobRestarted restarted:
                proto.Restart = new Proto.JobRestart { Reason = restarted.Reason };
                break;
            default:
                throw new InvalidOperationException($"Event {happened.Number} is of the unknown kind {happened.Payload.GetType().Name}.");
        }

        return proto;
    }

    private static Proto.Findings ToProto(this FindingsReported reported) =>
        FindingMapping.ToProto(reported.Findings, reported.Interim, reported.Analyzer);

    private static Proto.JobStateChange ToProto(this JobStateChanged change) => new()
    {
        State = change.State.ToProto(),
        Attempt = change.Attempt,
        Note = change.Note ?? "",
        Error = change.Error?.ToProto(),
    };

    private static Proto.JobProgress ToProto(this JobProgressed progress) => new()
    {
        Stage = progress.Stage.ToProto(),
        StepsDone = progress.StepsDone,
        StepsTotal = progress.StepsTotal,
        Position = progress.Position,
        TimeLeft = progress.TimeLeft is { } left ? Duration.FromTimeSpan(left) : null,
    };

    private static Proto.JobPreview ToProto(this JobPreviewed preview) => new()
    {
        Step = preview.Step,
        Png = UnsafeByteOperations.UnsafeWrap(preview.Png),
        Width = preview.Width,
        Height = preview.Height,
    };

    public static JobState? ToMessage(this Proto.JobState state) => state switch
    {
        Proto.JobState.Unspecified => null,
        Proto.JobState.Queued => JobState.Queued,
        Proto.JobState.Running => JobState.Running,
        Proto.JobState.Succeeded => JobState.Succeeded,
        Proto.JobState.Failed => JobState.Failed,
        Proto.JobState.Cancelled => JobState.Cancelled,
        _ => throw new InvalidInputException("state", $"Got {(int)state}, which is no state; allowed: 1 to 5, or 0 for all."),
    };

    public static JobKind? ToMessage(this Proto.JobKind kind) => kind switch
    {
        Proto.JobKind.Unspecified => null,
        Proto.JobKind.GenerateVideo => JobKind.Generation,
        Proto.JobKind.AnalyzeVideo => JobKind.Classification,
        Proto.JobKind.AugmentDataset => JobKind.Augmentation,
        Proto.JobKind.CurateVideos => JobKind.Curation,
        _ => throw new InvalidInputException("kind", $"Got {(int)kind}, which is no kind of job; allowed: 1 to 4, or 0 for all."),
    };

    public static ServicePriority ToMessage(this Proto.JobPriority priority) => priority switch
    {
        Proto.JobPriority.Unspecified => ServicePriority.Normal,
        Proto.JobPriority.Interactive => ServicePriority.Interactive,
        Proto.JobPriority.Normal => ServicePriority.Normal,
        Proto.JobPriority.Bulk => ServicePriority.Bulk,
        _ => throw new InvalidInputException("options.priority", $"Got {(int)priority}, which is no priority; allowed: 1 to 3, or 0 for normal."),
    };

    private static Proto.JobPriority ToProto(this ServicePriority priority) => Namesakes<ServicePriority, Proto.JobPriority>.Of(priority);

    private static Proto.JobError ToProto(this JobError error) => new()
    {
        Code = (int)error.Code,
        Reason = error.Reason,
        Message = error.Message,
        RetryAfter = error.RetryAfter is { } after ? Duration.FromTimeSpan(after) : null,
        Metadata = { error.Metadata?.ToDictionary() ?? [] },
        Violations = { error.Violations?.Select(v => new Proto.JobError.Types.Violation { Field = v.Field, Description = v.Description }) ?? [] },
    };

    private static Timestamp? ToTimestamp(this DateTimeOffset? time) => time is null ? null : Timestamp.FromDateTimeOffset(time.Value);

    private static Proto.JobKind ToProto(this JobKind kind) => kind switch
    {
        JobKind.Generation => Proto.JobKind.GenerateVideo,
        JobKind.Classification => Proto.JobKind.AnalyzeVideo,
        JobKind.Augmentation => Proto.JobKind.AugmentDataset,
        JobKind.Curation => Proto.JobKind.CurateVideos,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Proto.JobState ToProto(this JobState state) => Namesakes<JobState, Proto.JobState>.Of(state);

    private static Proto.JobStage ToProto(this JobStage stage) => Namesakes<JobStage, Proto.JobStage>.Of(stage);
}
