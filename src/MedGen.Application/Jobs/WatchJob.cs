using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Jobs;

/// <summary>
/// A job's events, those of the past and those to come, each exactly once and in order; ends after the event that says that the job has ended.
/// </summary>
[RequiresRole(Role.Reader)]
public sealed record WatchJob : IStreamRequest<JobEvent>
{
    /// <summary>Id of the job.</summary>
    public required string JobId { get; init; }

    /// <summary>Number of the last event that the caller has seen; 0: from the beginning.</summary>
    public long AfterEvent { get; init; }

    /// <summary>
    /// Whether the job is cancelled when the watcher leaves before the end; a stop of the host is no leaving. For the job's owner and for
    /// administrators.
    /// </summary>
    public bool CancelOnDisconnect { get; init; }
}
