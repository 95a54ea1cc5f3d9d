namespace MedGen.Sdk.Errors;

/// <summary>
/// The root of every error that is meant for a caller. <see cref="Exception.Message"/> may be shown to a caller: it holds ids, sizes and
/// limits, never prompts, file contents or patient data.
/// </summary>
public abstract class MedGenException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">What kind of error it is.</param>
    /// <param name="reason">Stable UPPER_SNAKE_CASE code for machines.</param>
    /// <param name="message">One sentence for people: what, what was got, what is allowed.</param>
    /// <param name="innerException">The cause, for the log.</param>
    protected MedGenException(ErrorCode code, string reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        Code = code;
        Reason = reason;
    }

    /// <summary>What kind of error it is: the status of a call that it ends.</summary>
    public ErrorCode Code { get; }

    /// <summary>Stable UPPER_SNAKE_CASE code; never changes once published.</summary>
    public string Reason { get; }

    /// <summary>When the same request may succeed; null (default): waiting does not help, or nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Facts that belong to the reason, such as an id or a limit.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
