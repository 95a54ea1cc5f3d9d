using MedGen.Abstractions.Errors;
using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Jobs;

internal sealed class CancelJobHandler(IJobStore jobs, JobLog log, CallerContext caller) : IRequestHandler<CancelJob, Job>
{
    public async Task<Job> Handle(CancelJob request, CancellationToken cancellationToken)
    {
        Job job = await jobs.FindAsync(request.JobId, cancellationToken) ?? throw new ResourceNotFoundException("job", request.JobId);
        caller.RequireOwnership(job.Owner, $"job '{job.Id}'");
        job = await log.CancelAsync(job.Id, cancellationToken);
        return job.State is JobState.Succeeded or JobState.Failed
            ? throw new FailedPreconditionException("JOB_ENDED", $"The job '{job.Id}' has ended ({job.State}) and cannot be cancelled.")
            : job;
    }
}
