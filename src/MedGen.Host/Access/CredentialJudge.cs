using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Authentication;

namespace MedGen.Host.Access;

/// <summary>Looks at credentials outside of the call that showed them, by the same handlers, with the files of now.</summary>
internal sealed class CredentialJudge(IServiceScopeFactory scopes)
{
    /// <summary>Who shows these credentials.</summary>
    /// <exception cref="UnauthenticatedException">They are not, or no longer, good.</exception>
    public async Task<(Caller Caller, string Scheme)> WhoAsync(Credentials shown)
    {
        AuthenticateResult result = await LookAsync(shown).ConfigureAwait(false);
        return result.Principal?.Identity is CallerIdentity { Caller: var caller, AuthenticationType: { } scheme }
            ? (caller, scheme)
            : throw Refused(result.Failure);
    }

    /// <summary>A caller as it is now.</summary>
    /// <param name="shown">What it has shown.</param>
    /// <param name="before">Who it was then.</param>
    /// <exception cref="UnauthenticatedException">The credentials are no longer good, or are another caller's.</exception>
    public async Task<Caller> NowAsync(Credentials shown, Caller before)
    {
        Caller now = (await WhoAsync(shown).ConfigureAwait(false)).Caller;
        return now.Name == before.Name && now.Tenant == before.Tenant
            ? now with { Address = before.Address }
            : throw new UnauthenticatedException("The credentials of this call are another caller's now.");
    }

    private async Task<AuthenticateResult> LookAsync(Credentials shown)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using ConfiguredAsyncDisposable scopeDisposal = scope.ConfigureAwait(false);
        DefaultHttpContext again = new() { RequestServices = scope.ServiceProvider };
        again.Request.Scheme = shown.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        again.Request.Headers.Authorization = shown.Authorization.Length > 0 ? shown.Authorization : default;
        again.Connection.ClientCertificate = shown.Certificate;
        try
        {
            return await again.AuthenticateAsync().ConfigureAwait(false);
        }
        catch (CryptographicException)
        {
            // The connection has ended, and its certificate with it.
            return AuthenticateResult.Fail(RefusedCredentialsException.Unknown());
        }
    }

    private static UnauthenticatedException Refused(Exception? failure) =>
        new(RefusedCredentialsException.In(failure)?.Message ?? RefusedCredentialsException.Unknown().Message);
}
