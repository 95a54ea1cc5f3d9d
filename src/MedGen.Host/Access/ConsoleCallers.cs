using System.Security.Claims;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using MedGen.WebConsole;

namespace MedGen.Host.Access;

/// <summary>Who sits before a page: looked at again whenever the page asks for something, since a page stays open for hours.</summary>
internal sealed class ConsoleCallers(CredentialJudge judge) : IConsoleCallers
{
    public async Task<Caller> NowAsync(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity is CallerIdentity { Caller: var before, Shown: { } shown }
            ? await judge.NowAsync(shown, before).ConfigureAwait(false)
            : throw new UnauthenticatedException(RefusedCredentialsException.Unknown().Message);
    }
}
