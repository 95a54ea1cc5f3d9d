using System.Security.Claims;
using System.Text.Encodings.Web;
using MedGen.Application.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Access;

/// <summary>A host that asks for no credentials listens on loopback only, and whoever is on this machine runs the platform.</summary>
internal sealed class LocalHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private static readonly Caller Everybody =
        new() { Name = "local", Roles = [Role.Administrator, Role.Auditor], Tenant = Tenants.All };

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(AuthenticateResult.Success(
            new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(Everybody, AccessSchemes.Local)), AccessSchemes.Local)));
}
