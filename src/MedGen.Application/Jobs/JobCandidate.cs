namespace MedGen.Application.Jobs;

/// <summary>A job that waits, for the host that decides whether it takes it.</summary>
public sealed record JobCandidate
{
    /// <summary>The job.</summary>
    public required Job Job { get; init; }

    /// <summary><see cref="NewJob.Request"/>.</summary>
    public required string Request { get; init; }

    /// <summary>Ids of the hosts of the cluster that have jobs, read when it is first asked for.</summary>
    public required Lazy<IReadOnlySet<string>> BusyHosts { get; init; }
}
