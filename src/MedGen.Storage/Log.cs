using MedGen.Storage.Maintenance;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage;

/// <summary>Everything that this project logs. Event ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information,
        "The data folder {FolderId} is open; {Leftovers} files and folders that a crash had left were deleted.")]
    public static partial void StorageOpened(ILogger logger, string folderId, int leftovers);

    [LoggerMessage(5001, LogLevel.Error, "The content of artifact {ArtifactId} is damaged (error of the disk, if any: {DiskError}).")]
    public static partial void ContentDamaged(ILogger logger, string artifactId, int diskError);

    [LoggerMessage(5002, LogLevel.Error, "The content of artifact {ArtifactId} is missing.")]
    public static partial void ContentMissing(ILogger logger, string artifactId);

    [LoggerMessage(5003, LogLevel.Warning,
        "The new artifact {ArtifactId} brought a content again that was damaged; the good one has taken its place.")]
    public static partial void ContentMended(ILogger logger, string artifactId);

    [LoggerMessage(5013, LogLevel.Information, "The audit log is as it was written: {Records} records, {Checkpoints} signed checkpoints.")]
    public static partial void AuditVerified(ILogger logger, long records, int checkpoints);

    [LoggerMessage(5014, LogLevel.Error,
        "The audit log is not as it was written, from record {Sequence} on: {Reason}. 'medgen audit verify' tells more.")]
    public static partial void AuditBroken(ILogger logger, long sequence, string reason);

    [LoggerMessage(5015, LogLevel.Error, "The anchor of the audit log could not be written at record {Sequence} ({ExceptionType}).")]
    public static partial void AnchorNotWritten(ILogger logger, long sequence, string exceptionType);

    [LoggerMessage(5004, LogLevel.Information, "The scrub has read {Contents} stored contents; {Lost} are damaged or missing.")]
    public static partial void Scrubbed(ILogger logger, int contents, int lost);

    [LoggerMessage(5005, LogLevel.Error, "The scrub found the content of artifact {ArtifactId}: {Finding}.")]
    public static partial void ScrubFound(ILogger logger, string artifactId, StoreFindingKind finding);

    [LoggerMessage(5006, LogLevel.Error, "The check at the start found the content of artifact {ArtifactId}: {Finding}.")]
    public static partial void StartFound(ILogger logger, string artifactId, StoreFindingKind finding);

    [LoggerMessage(5007, LogLevel.Information, "{Count} files were deleted that had been in quarantine for longer than they are kept there.")]
    public static partial void QuarantinePurged(ILogger logger, int count);

    [LoggerMessage(5008, LogLevel.Warning, "The upkeep of the data folder was not finished ({Reason}); trying again in an hour.")]
    public static partial void UpkeepHeld(ILogger logger, string reason);

    [LoggerMessage(5009, LogLevel.Warning, "The disk is full; the reserve was given up for a deletion or a record of the audit log.")]
    public static partial void ReserveReleased(ILogger logger);

    [LoggerMessage(5011, LogLevel.Warning,
        "The database's log still holds what was deleted, because of {Cause}; the next deletion or stop of the host empties it.")]
    public static partial void LogNotEmptied(ILogger logger, string cause);

    [LoggerMessage(5016, LogLevel.Information, "{Deleted} copies of shared contents were deleted for the limit; {Excess} bytes are still over it.")]
    public static partial void CopiesTrimmed(ILogger logger, int deleted, long excess);

    [LoggerMessage(5012, LogLevel.Warning, "Shared contents that nobody needs cannot be deleted now ({Reason}); trying again.")]
    public static partial void RemovalHeld(ILogger logger, string reason);

    [LoggerMessage(5010, LogLevel.Warning,
        "The clock is {Days:0.0} days ahead of what was expected. Nothing is deleted by its age for a day: set the clock right if it is wrong.")]
    public static partial void ClockLeapt(ILogger logger, double days);
}
