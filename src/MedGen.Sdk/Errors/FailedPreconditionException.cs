namespace MedGen.Sdk.Errors;

/// <summary>The request is well formed, but the system is not in a state to serve it: no model loaded, plugin disabled, job already ended.</summary>
/// <param name="reason">Stable UPPER_SNAKE_CASE code.</param>
/// <param name="message">What is missing, and what would help.</param>
/// <param name="innerException">The cause, for the log.</param>
public sealed class FailedPreconditionException(string reason, string message, Exception? innerException = null)
    : MedGenException(ErrorCode.FailedPrecondition, reason, message, innerException);
