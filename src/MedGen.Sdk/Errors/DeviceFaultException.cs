namespace MedGen.Sdk.Errors;

/// <summary>The device has failed for good in this process; another one, started anew, may succeed with the same request.</summary>
/// <param name="message">Which device, and what helps.</param>
public sealed class DeviceFaultException(string message) : MedGenException(ErrorCode.Unavailable, "DEVICE_FAULT", message);
