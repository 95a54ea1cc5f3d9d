namespace MedGen.Application.Jobs;

/// <summary>One entry of a job's log.</summary>
public sealed record JobEvent
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Position in the job's log: 1, 2, 3, … without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened.</summary>
    public required JobEventPayload Payload { get; init; }
}
