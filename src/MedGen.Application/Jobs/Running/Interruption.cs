using MedGen.Sdk.Errors;

namespace MedGen.Application.Jobs.Running;

/// <summary>What becomes of a job that something ended in the middle which was not its own error.</summary>
internal static class Interruption
{
    /// <summary>Back to the queue; cancelled, if somebody had asked for that; failed, if too many starts in a row led nowhere.</summary>
    /// <param name="job">The running job.</param>
    /// <param name="maxAttempts">Starts that may lead nowhere.</param>
    /// <param name="what">What happened, as the beginning of a sentence.</param>
    public static JobStateChanged Of(Job job, int maxAttempts, string what)
    {
        if (job.CancelRequested)
        {
            return new JobStateChanged { State = JobState.Cancelled, Attempt = job.Attempt };
        }

        // Whatever it was, the job came further, or had not begun: only starts that lead nowhere are numbered.
        int attempt = job.HasAdvanced ? 0 : job.Position > 0 ? job.Attempt - 1 : job.Attempt;
        if (attempt >= maxAttempts)
        {
            string message = $"{what} during each of {attempt} attempts to run this job; it is not tried again.";
            JobError error = new() { Code = ErrorCode.Internal, Reason = "ATTEMPTS_EXHAUSTED", Message = message };
            return new JobStateChanged { State = JobState.Failed, Attempt = attempt, Error = error };
        }

        string next = job.SavedSteps > 0 ? $"the job goes on after step {job.SavedSteps}" : "the job runs again";
        return new JobStateChanged { State = JobState.Queued, Attempt = attempt, Note = $"{what}; {next}." };
    }
}
