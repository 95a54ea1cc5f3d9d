namespace MedGen.Sdk.Errors;

/// <summary>The time that the caller gave is over.</summary>
/// <param name="message">Which limit passed.</param>
public sealed class DeadlineExceededException(string message) : MedGenException(ErrorCode.DeadlineExceeded, "DEADLINE_EXCEEDED", message);
