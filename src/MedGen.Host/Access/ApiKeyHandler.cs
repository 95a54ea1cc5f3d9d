using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Access;

/// <summary>Knows the holders of API keys.</summary>
internal sealed class ApiKeyHandler(
    AccessDirectory directory, TimeProvider time, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (Request.Headers.Authorization.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (AccessSchemes.BearerOf(Context) is not { } key || directory.Keys?.Find(key) is not ({ } caller, var expires))
        {
            return AuthenticateResult.Fail(RefusedCredentialsException.Unknown());
        }

        if (expires <= time.GetUtcNow())
        {
            return AuthenticateResult.Fail(new RefusedCredentialsException("CREDENTIALS_EXPIRED", $"This API key expired at {expires:u}."));
        }

        try
        {
            directory.Rules?.RequireNotDenied(caller.Name);
        }
        catch (RefusedCredentialsException refusal)
        {
            return AuthenticateResult.Fail(refusal);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller, Scheme.Name)), Scheme.Name));
    }
}
