using System.Security.Claims;
using MedGen.Application.Access;

namespace MedGen.WebConsole;

/// <summary>Tells who sits before a page; the host's part.</summary>
public interface IConsoleCallers
{
    /// <summary>The caller as the host's files have it now, not as it was when the page was opened.</summary>
    /// <param name="user">The user of the page, as the host's authentication made it.</param>
    /// <returns>The caller.</returns>
    /// <exception cref="MedGen.Sdk.Errors.UnauthenticatedException">What the caller has shown is no longer good.</exception>
    Task<Caller> NowAsync(ClaimsPrincipal user);
}
