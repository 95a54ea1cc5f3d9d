namespace MedGen.Sdk.Errors;

/// <summary>The service is going away or not there yet; the same request may succeed when it is back.</summary>
/// <param name="reason">Stable UPPER_SNAKE_CASE code.</param>
/// <param name="message">What is not there.</param>
public sealed class UnavailableException(string reason, string message) : MedGenException(ErrorCode.Unavailable, reason, message);
