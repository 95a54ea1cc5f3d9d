namespace MedGen.Host.Access;

/// <summary>The console as an issuer knows it: how people sign in there by the issuer's own page (authorization code flow with PKCE).</summary>
internal sealed record ConsoleClient
{
    /// <summary>Id under which the host is registered with the issuer; the address to come back to is <c>/sign-in/back</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>File that holds the client's secret; null: the issuer asks for none.</summary>
    public string? SecretFile { get; init; }

    /// <summary>What is asked for; <c>openid</c> among it.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid"];
}
