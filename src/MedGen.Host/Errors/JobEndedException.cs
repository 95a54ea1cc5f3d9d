using Google.Rpc;
using MedGen.Abstractions.Errors;
using MedGen.Application.Jobs;

namespace MedGen.Host.Errors;

/// <summary>The job behind a call ended without a result; the call ends with what the job's log says.</summary>
internal sealed class JobEndedException : MedGenException
{
    private JobEndedException(Code code, string reason, string message, string jobId)
        : base(reason, message)
    {
        Code = code;
        Metadata = new Dictionary<string, string> { ["job_id"] = jobId };
    }

    public Code Code { get; }

    public static JobEndedException Failed(string jobId, JobError error) => new(ToCode(error.Reason), error.Reason, error.Message, jobId);

    public static JobEndedException Cancelled(string jobId) => new(Code.Cancelled, "JOB_CANCELLED", $"Job {jobId} was cancelled.", jobId);

    // A job keeps the reason of the error that ended it, not its kind.
    private static Code ToCode(string reason) => reason switch
    {
        "INVALID_INPUT" or "MEDIA_UNREADABLE" => Code.InvalidArgument,
        "NOT_FOUND" => Code.NotFound,
        "DEADLINE_EXCEEDED" => Code.DeadlineExceeded,
        "DEVICE_QUEUE_FULL" or "GENERATION_QUEUE_FULL" or "DISK_FULL" or "ARTIFACT_TOO_LARGE" => Code.ResourceExhausted,
        "INTERNAL" => Code.Internal,
        _ => Code.FailedPrecondition,
    };
}
