namespace MedGen.Sdk.Errors;

/// <summary>Something that was stored is damaged or gone. Trying again does not help; putting the same content there again may.</summary>
/// <param name="reason">Stable UPPER_SNAKE_CASE code.</param>
/// <param name="message">What is damaged, by its id, and what would help.</param>
/// <param name="innerException">The cause, for the log.</param>
public sealed class DataLossException(string reason, string message, Exception? innerException = null)
    : MedGenException(ErrorCode.DataLoss, reason, message, innerException);
