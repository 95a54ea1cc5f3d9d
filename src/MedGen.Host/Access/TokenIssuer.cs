namespace MedGen.Host.Access;

/// <summary>An issuer of bearer tokens (OpenID Connect).</summary>
internal sealed record TokenIssuer
{
    /// <summary>Short name, 1 to 32 lower-case letters, digits and hyphens: callers are called <c>NAME:SUBJECT</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What tokens say in <c>iss</c>; the issuer's URL.</summary>
    public required string Issuer { get; init; }

    /// <summary>What tokens must say in <c>aud</c>.</summary>
    public required string Audience { get; init; }

    /// <summary>File of the issuer's public keys (JWKS); null: the issuer's discovery document names where they are.</summary>
    public string? KeysFile { get; init; }

    /// <summary>How far the clocks may be apart, 0 to 300 s.</summary>
    public int ClockSkewSeconds { get; init; } = 60;

    /// <summary>The claim that names the caller.</summary>
    public string SubjectClaim { get; init; } = "sub";

    /// <summary>How people sign in to the console by the issuer's own page; null: they do not.</summary>
    public ConsoleClient? Console { get; init; }

    /// <summary>The claim that names the caller's tenant; null: grants do.</summary>
    public string? TenantClaim { get; init; }
}
