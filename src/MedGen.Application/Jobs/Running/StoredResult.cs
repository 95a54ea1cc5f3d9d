using MedGen.Application.Artifacts;

namespace MedGen.Application.Jobs.Running;

/// <summary>The result of a job that was cut off after it had stored it: it is not made a second time.</summary>
internal static class StoredResult
{
    /// <summary>Tells of the result, if there is one and it has not been told.</summary>
    /// <returns>Whether the job has only to end.</returns>
    public static async Task<bool> TryTellAsync(IArtifactStore artifacts, Job job, JobReporter reporter, CancellationToken cancellationToken)
    {
        ArtifactPage page = await artifacts.ListAsync(new ArtifactQuery { JobId = job.Id, PageSize = 1 }, cancellationToken).ConfigureAwait(false);
        if (page.Artifacts is not [var result])
        {
            return false;
        }

        if (!job.Results.Contains(result.Id))
        {
            await reporter.ReportAsync(new ArtifactProduced { Artifact = result }, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}
