namespace MedGen.Host.Access;

/// <summary>Credentials were shown, and are not good. The reason is for the audit log; the message is for the caller.</summary>
internal sealed class RefusedCredentialsException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;

    public static RefusedCredentialsException Unknown() => new("CREDENTIALS_UNKNOWN", "The credentials of this call are not valid.");
}
