namespace MedGen.Sdk.Errors;

/// <summary>Nobody knows who calls: no credentials, or invalid ones.</summary>
/// <param name="message">What is needed.</param>
public sealed class UnauthenticatedException(string message) : MedGenException(ErrorCode.Unauthenticated, "UNAUTHENTICATED", message);
