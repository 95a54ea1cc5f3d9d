using MedGen.Sdk.Errors;

namespace MedGen.Application.Jobs;

/// <summary>The newest checkpoint of each job that has not ended, on durable storage: from it the job goes on after a stop or a crash.</summary>
public interface ICheckpointStore
{
    /// <summary>Replaces a job's checkpoint; on disk when this completes. A crash in between leaves the one before.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="content">The checkpoint; opaque here.</param>
    /// <param name="cancellationToken">Gives up; the one before stays.</param>
    /// <returns>Completes when it is on disk.</returns>
    /// <exception cref="ResourceExhaustedException">The disk is full (<c>DISK_FULL</c>); the one before stays.</exception>
    Task SaveAsync(string jobId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a job's checkpoint.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was saved last; null: nothing. Whether it is whole is for the model to say.</returns>
    Task<ReadOnlyMemory<byte>?> FindAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Removes a job's checkpoint; nothing happens when there is none.</summary>
    /// <param name="jobId">The job.</param>
    void Delete(string jobId);
}
