namespace MedGen.Application.Jobs;

/// <summary>Why a job failed, in words that may be shown to a caller.</summary>
public sealed record JobError
{
    /// <summary>Stable UPPER_SNAKE_CASE code, for instance <c>DEADLINE_EXCEEDED</c>, <c>MEDIA_UNREADABLE</c>, <c>INTERNAL</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }
}
