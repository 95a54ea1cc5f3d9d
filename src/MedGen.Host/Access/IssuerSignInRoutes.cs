using MedGen.Host.Http;
using MedGen.WebConsole;
using Microsoft.AspNetCore.Mvc;

namespace MedGen.Host.Access;

/// <summary>The way to an issuer's page and back; nobody is known yet on it.</summary>
internal static class IssuerSignInRoutes
{
    public static void MapIssuerSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            ConsolePaths.SignIn + "/with/{name}",
            (HttpContext http, IssuerSignIn issuers, string name, [FromQuery(Name = "return")] string? back) => issuers.BeginAsync(http, name, back))
            .AddEndpointFilter<ProblemFilter>().AllowAnonymous();
        routes.MapGet(IssuerSignIn.BackPath, (HttpContext http, IssuerSignIn issuers) => issuers.EndAsync(http))
            .AddEndpointFilter<ProblemFilter>().AllowAnonymous();
    }
}
