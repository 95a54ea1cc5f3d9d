using Microsoft.IdentityModel.JsonWebTokens;

namespace MedGen.Host.Access;

/// <summary>The ways in which callers say who they are.</summary>
internal static class AccessSchemes
{
    /// <summary>Chooses one of the others for each call.</summary>
    public const string Chosen = "Chosen";

    public const string Local = "Local";

    public const string ApiKey = "ApiKey";

    public const string Jwt = "Jwt";

    public const string Certificate = "Certificate";

    private const string Bearer = "Bearer ";

    private static readonly JsonWebTokenHandler Tokens = new();

    /// <summary>What follows the word Bearer; null: there is no such header.</summary>
    public static string? BearerOf(HttpContext http)
    {
        string authorization = http.Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    public static string Choose(HttpContext http)
    {
        AccessDirectory directory = http.RequestServices.GetRequiredService<AccessDirectory>();
        if (!directory.AsksForCredentials)
        {
            return Local;
        }

        if (BearerOf(http) is { } token)
        {
            return directory.Rules is { Issuers.Count: > 0 } && Tokens.CanReadToken(token) ? Jwt : ApiKey;
        }

        return http.Request.Headers.Authorization.Count == 0 && directory.Rules?.Trusted is not null && http.Connection.ClientCertificate is not null
            ? Certificate
            : ApiKey;
    }
}
