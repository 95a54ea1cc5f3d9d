using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using Microsoft.Extensions.Logging;

namespace MedGen.Application;

/// <summary>Everything that this project logs: ids and counts, never prompts, names of files or content. Event ids 3000 to 3999.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Job {JobId} ({Kind}) ended: {Outcome} after {Seconds:0.0} s.")]
    public static partial void JobEnded(ILogger logger, string jobId, JobKind kind, string outcome, double seconds);

    [LoggerMessage(3001, LogLevel.Warning, "Job {JobId} was running when the host ended unexpectedly (attempt {Attempt}).")]
    public static partial void JobRecovered(ILogger logger, string jobId, int attempt);

    [LoggerMessage(3012, LogLevel.Warning, "Job {JobId} was taken over by another host of the cluster; what it did here since is not taken.")]
    public static partial void JobTakenOver(ILogger logger, string jobId);

    [LoggerMessage(3013, LogLevel.Warning, "Job {JobId} of host {HostId}, which is gone, was taken back: {State}.")]
    public static partial void JobTakenBack(ILogger logger, string jobId, string hostId, JobState state);

    [LoggerMessage(3014, LogLevel.Warning, "The other hosts of the cluster cannot be looked after now ({Reason}); trying again.")]
    public static partial void PeersNotSeen(ILogger logger, string reason);

    [LoggerMessage(3015, LogLevel.Warning, "The database's clock is ahead of this host's by {Seconds} s; jobs go by the database's.")]
    public static partial void ClockDiffers(ILogger logger, double seconds);

    [LoggerMessage(3002, LogLevel.Error, "Job {JobId} ended by an unexpected {ExceptionType}: {StackTrace}")]
    public static partial void JobCrashed(ILogger logger, string jobId, string exceptionType, string? stackTrace);

    [LoggerMessage(3003, LogLevel.Error, "The end of job {JobId} could not be recorded, {ExceptionType}: {StackTrace}")]
    public static partial void JobNotRecorded(ILogger logger, string jobId, string exceptionType, string? stackTrace);

    [LoggerMessage(3004, LogLevel.Warning, "No job can be started ({Reason}); trying again later.")]
    public static partial void QueueHeld(ILogger logger, string reason);

    [LoggerMessage(3005, LogLevel.Information, "{Count} jobs were removed, because they ended longer ago than jobs are kept.")]
    public static partial void JobsRemoved(ILogger logger, int count);

    [LoggerMessage(3006, LogLevel.Warning, "Old jobs cannot be removed ({Reason}); trying again later.")]
    public static partial void RetentionHeld(ILogger logger, string reason);

    [LoggerMessage(3007, LogLevel.Warning, "The checkpoint of job {JobId} could not be stored ({Reason}); the job goes on without it.")]
    public static partial void CheckpointNotStored(ILogger logger, string jobId, string reason);

    [LoggerMessage(3009, LogLevel.Information, "{Count} artifacts ({Kind}) were removed, because they are older than their kind is kept.")]
    public static partial void ArtifactsRemoved(ILogger logger, int count, ArtifactKind kind);

    [LoggerMessage(3010, LogLevel.Information, "Plugin {PluginId} {PluginVersion} is called.")]
    public static partial void PluginCalled(ILogger logger, string pluginId, string pluginVersion);

    [LoggerMessage(3011, LogLevel.Error,
        "Plugin {PluginId} {PluginVersion} did not end a call within {Seconds:0.###} s of being told to; it is not waited for any more.")]
    public static partial void PluginAbandoned(ILogger logger, string pluginId, string pluginVersion, double seconds);

    [LoggerMessage(3008, LogLevel.Error, "The device failed while job {JobId} ran; no job is started until the host starts again.")]
    public static partial void DeviceFailed(ILogger logger, string jobId);

    [LoggerMessage(3020, LogLevel.Warning, "Part of the audit log's upkeep cannot be done ({Reason}); trying again later.")]
    public static partial void AuditHeld(ILogger logger, string reason);

    [LoggerMessage(3021, LogLevel.Information, "{Count} records were moved from the audit log into an archive file.")]
    public static partial void AuditArchived(ILogger logger, int count);

    [LoggerMessage(3030, LogLevel.Warning, "The artifact {ArtifactId} says that it is DICOM and cannot be read as such ({ExceptionType}).")]
    public static partial void DicomNotRead(ILogger logger, string artifactId, string exceptionType);

    [LoggerMessage(3031, LogLevel.Warning, "The DICOM study {StudyId} cannot be looked after now ({Reason}); trying again later.")]
    public static partial void StudyHeld(ILogger logger, string studyId, string reason);

    [LoggerMessage(3032, LogLevel.Information, "The DICOM study {StudyId} ended: {State}; {Tasks} tasks, {Deliveries} deliveries.")]
    public static partial void StudyEnded(ILogger logger, string studyId, Dicom.DicomStudyState state, int tasks, int deliveries);

    [LoggerMessage(3033, LogLevel.Warning, "A delivery to the archive {Archive} has to wait ({Reason}); trying again later.")]
    public static partial void DeliveryHeld(ILogger logger, string archive, string reason);
}
