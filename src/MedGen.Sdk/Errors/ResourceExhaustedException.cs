namespace MedGen.Sdk.Errors;

/// <summary>A limit is reached: the queue is full, memory or disk is short. Later the same request may succeed.</summary>
public sealed class ResourceExhaustedException : MedGenException
{
    /// <summary>Creates the error.</summary>
    /// <param name="reason">Stable UPPER_SNAKE_CASE code.</param>
    /// <param name="message">Which limit, its value and what was asked.</param>
    /// <param name="retryAfter">When to try again; null when no time helps (for instance, a request that can never fit).</param>
    public ResourceExhaustedException(string reason, string message, TimeSpan? retryAfter = null)
        : base(ErrorCode.ResourceExhausted, reason, message) => RetryAfter = retryAfter;
}
