using MedGen.Sdk.Errors;

namespace MedGen.Application.Jobs;

/// <summary>Why a job failed, in words that may be shown to a caller.</summary>
public sealed record JobError
{
    /// <summary>What kind of error it is.</summary>
    public ErrorCode Code { get; init; } = ErrorCode.Unknown;

    /// <summary>Stable UPPER_SNAKE_CASE code, for instance <c>DEADLINE_EXCEEDED</c>, <c>MEDIA_UNREADABLE</c>, <c>INTERNAL</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>When the same request may succeed; null: waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Facts that belong to the reason, such as an id or a limit; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What is wrong with the request, field by field; null: nothing.</summary>
    public IReadOnlyList<FieldViolation>? Violations { get; init; }

    /// <summary>Keeps everything that a caller may know of an error.</summary>
    /// <param name="error">The error that ended the job.</param>
    public static JobError Of(MedGenException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new JobError
        {
            Code = error.Code,
            Reason = error.Reason,
            Message = error.Message,
            RetryAfter = error.RetryAfter,
            Metadata = error.Metadata.Count == 0 ? null : error.Metadata,
            Violations = (error as InvalidInputException)?.Violations,
        };
    }
}
