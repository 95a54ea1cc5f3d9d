using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Errors;

/// <summary>The job behind a call ended without a result; the call ends with the error in the job's log.</summary>
internal sealed class JobEndedException : MedGenException
{
    private JobEndedException(string jobId, JobError error)
        : base(error.Code, error.Reason, error.Message)
    {
        RetryAfter = error.RetryAfter;
        Violations = error.Violations ?? [];
        Metadata = new Dictionary<string, string>(error.Metadata ?? new Dictionary<string, string>()) { ["job_id"] = jobId };
    }

    public IReadOnlyList<FieldViolation> Violations { get; }

    public static JobEndedException Failed(string jobId, JobError error) => new(jobId, error);

    public static JobEndedException Cancelled(string jobId) =>
        new(jobId, new JobError { Code = ErrorCode.Cancelled, Reason = "JOB_CANCELLED", Message = $"Job {jobId} was cancelled." });
}
