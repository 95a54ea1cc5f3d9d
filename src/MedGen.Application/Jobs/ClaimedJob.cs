namespace MedGen.Application.Jobs;

/// <summary>A job that has just begun to run, with what was asked.</summary>
public sealed record ClaimedJob
{
    /// <summary>The job.</summary>
    public required Job Job { get; init; }

    /// <summary><see cref="NewJob.Request"/>.</summary>
    public required string Request { get; init; }
}
