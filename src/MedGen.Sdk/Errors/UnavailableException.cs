namespace MedGen.Sdk.Errors;

/// <summary>The service is going away or not there yet; the same request may succeed when it is back.</summary>
public sealed class UnavailableException : MedGenException
{
    /// <summary>Creates the error.</summary>
    /// <param name="reason">Stable UPPER_SNAKE_CASE code.</param>
    /// <param name="message">What is not there.</param>
    /// <param name="retryAfter">When it will be back; null: nobody knows.</param>
    public UnavailableException(string reason, string message, TimeSpan? retryAfter = null)
        : base(ErrorCode.Unavailable, reason, message) => RetryAfter = retryAfter;
}
