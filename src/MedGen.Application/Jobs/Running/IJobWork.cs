namespace MedGen.Application.Jobs.Running;

/// <summary>What a kind of job does when it runs.</summary>
internal interface IJobWork
{
    /// <summary>The kind.</summary>
    JobKind Kind { get; }

    /// <summary>Does the work. Running the same job again, after the host went down in the middle, must be possible.</summary>
    /// <param name="claimed">The job and what was asked.</param>
    /// <param name="reporter">Takes progress and results.</param>
    /// <param name="cancellationToken">Cancelled when somebody cancels the job, its time is over, or the host stops.</param>
    /// <returns>Completes when the job has succeeded.</returns>
    Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken);
}
