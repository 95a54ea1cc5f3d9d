namespace MedGen.Abstractions.Errors;

/// <summary>The time that the caller gave is over.</summary>
/// <param name="message">Which limit passed.</param>
public sealed class DeadlineExceededException(string message) : MedGenException("DEADLINE_EXCEEDED", message);
