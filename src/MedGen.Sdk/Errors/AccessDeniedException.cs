namespace MedGen.Sdk.Errors;

/// <summary>The caller is known, but may not do this.</summary>
/// <param name="message">What is needed, and what the caller has.</param>
public sealed class AccessDeniedException(string message) : MedGenException(ErrorCode.PermissionDenied, "ACCESS_DENIED", message);
