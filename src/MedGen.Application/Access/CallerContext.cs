using MedGen.Abstractions.Errors;

namespace MedGen.Application.Access;

/// <summary>Who makes the current call. One per dependency-injection scope; the host fills it in before it sends a message.</summary>
public sealed class CallerContext
{
    /// <summary>The caller; null: nobody knows who it is, and every message is refused.</summary>
    public Caller? Caller { get; set; }

    /// <summary>When the caller stops waiting; null: never. Work is not admitted after it.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>The caller.</summary>
    /// <returns>The caller.</returns>
    /// <exception cref="UnauthenticatedException">Nobody knows who calls.</exception>
    public Caller Require() => Caller ?? throw new UnauthenticatedException("This call needs credentials; none were given or they are not valid.");

    /// <summary>Makes sure that the caller owns a thing or is an administrator.</summary>
    /// <param name="owner">Name of the owner.</param>
    /// <param name="thing">The thing with its id, for the message.</param>
    /// <exception cref="AccessDeniedException">The caller is neither.</exception>
    public void RequireOwnership(string owner, string thing)
    {
        Caller caller = Require();
        if (caller.Role < Role.Administrator && !string.Equals(caller.Name, owner, StringComparison.Ordinal))
        {
            throw new AccessDeniedException($"The {thing} belongs to somebody else; only its owner or an administrator may do this.");
        }
    }
}
