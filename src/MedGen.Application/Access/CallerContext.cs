using MedGen.Sdk.Errors;

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

    /// <summary>Makes sure that the caller owns a thing, or administers the owner's tenant.</summary>
    /// <param name="thing">The thing.</param>
    /// <exception cref="AccessDeniedException">Neither is so.</exception>
    public void RequireOwnership(IOwned thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        Caller caller = Require();
        bool administers = caller.IsAdministrator && (caller.IsOfAllTenants || caller.Tenant == thing.Tenant);
        if (!administers && !(caller.Name == thing.Owner && caller.OwnTenant == thing.Tenant))
        {
            throw new AccessDeniedException($"'{thing.Item}' belongs to somebody else; only its owner or an administrator may do this.");
        }
    }
}
