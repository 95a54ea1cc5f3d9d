namespace MedGen.Host.Access;

/// <summary>Credentials were shown, and are not good. The reason is for the audit log; the message is for the caller.</summary>
internal sealed class RefusedCredentialsException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;

    /// <summary>The refusal that an authentication failed with; null: it failed with something else, or not.</summary>
    public static RefusedCredentialsException? In(Exception? failure) =>
        failure as RefusedCredentialsException ?? failure?.InnerException as RefusedCredentialsException;

    public static RefusedCredentialsException Unknown() => new("CREDENTIALS_UNKNOWN", "The credentials of this call are not valid.");
}
