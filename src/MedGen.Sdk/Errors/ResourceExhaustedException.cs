namespace MedGen.Sdk.Errors;

/// <summary>A limit is reached: the queue is full, memory or disk is short. Later the same request may succeed.</summary>
/// <param name="reason">Stable UPPER_SNAKE_CASE code.</param>
/// <param name="message">Which limit, its value and what was asked.</param>
/// <param name="retryAfter">When to try again; null when no time helps (for instance, a request that can never fit).</param>
public sealed class ResourceExhaustedException(string reason, string message, TimeSpan? retryAfter = null)
    : MedGenException(ErrorCode.ResourceExhausted, reason, message)
{
    /// <summary>When to try again; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
