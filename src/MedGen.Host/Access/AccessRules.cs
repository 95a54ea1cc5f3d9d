using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>The access file in force: what it says, and what follows from it.</summary>
internal sealed class AccessRules
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly AccessFile _file;
    private readonly IReadOnlyList<WatchedFile<RevocationList>> _revocations;
    private readonly WatchedFile<X509Certificate2Collection>? _trusted;
    private readonly TimeProvider _time;

    private AccessRules(
        AccessFile file, AccessPolicy policy, IReadOnlyList<IssuerKeys> issuers, WatchedFile<X509Certificate2Collection>? trusted,
        IReadOnlyList<WatchedFile<RevocationList>> revocations, TimeProvider time)
    {
        (_file, Policy, Issuers, _trusted, _revocations, _time) = (file, policy, issuers, trusted, revocations, time);
    }

    public AccessPolicy Policy { get; }

    public IReadOnlyList<IssuerKeys> Issuers { get; }

    /// <summary>The authorities whose client certificates are believed; null: none.</summary>
    public X509Certificate2Collection? Trusted => _trusted?.Current;

    /// <summary>Reads and checks a file's content.</summary>
    /// <exception cref="InvalidInputException">Names every field that is wrong.</exception>
    /// <exception cref="JsonException">It is no JSON, or has other fields.</exception>
    public static AccessRules Parse(byte[] content, string folder, TimeProvider time, ILogger logger)
    {
        AccessFile file = JsonSerializer.Deserialize<AccessFile>(content, Json) ?? new AccessFile();
        Violations violations = new();
        AccessFileRules.Check(file, folder, violations);
        AccessPolicy policy = AccessPolicy.Default.With(file.Roles, violations.In("roles"));
        violations.ThrowIfAny();
        file = file with { Issuers = [.. file.Issuers.Select(issuer => WithFullPath(issuer, folder))] };
        return new AccessRules(
            file,
            policy,
            [.. file.Issuers.Select(issuer => new IssuerKeys(issuer, folder, time, logger))],
            file.Certificates is { } certificates ? ReadTrusted(Path.Combine(folder, certificates.TrustFile), logger) : null,
            [.. (file.Certificates?.RevocationLists ?? []).Select(list => ReadRevocations(Path.Combine(folder, list), logger))],
            time);
    }

    /// <summary>The caller that a token or a certificate names.</summary>
    /// <param name="name">The caller's whole name.</param>
    /// <param name="issuer">The issuer of the token; null: it was no token.</param>
    /// <param name="claims">What the token says.</param>
    /// <exception cref="RefusedCredentialsException">The caller is denied, or the grants contradict each other.</exception>
    public Caller CallerOf(string name, TokenIssuer? issuer, IEnumerable<Claim> claims)
    {
        RequireNotDenied(name);
        ILookup<string, string> values = claims.ToLookup(claim => claim.Type, claim => claim.Value);
        Grant[] grants = [.. _file.Grants.Where(grant => Matches(grant, name, issuer, values))];
        string?[] tenants =
        [
            .. grants.Select(grant => grant.Tenant)
                .Append(issuer?.TenantClaim is { } claim ? values[claim].FirstOrDefault() : null)
                .Where(tenant => tenant is not null).Distinct(),
        ];
        Caller caller = new()
        {
            Name = name,
            Roles = [.. grants.SelectMany(grant => grant.Roles).Distinct().Order()],
            Tenant = tenants is [{ } only] ? only : Tenants.Default,
        };
        Violations violations = new();
        AccessNames.CheckTenant(caller.Tenant, caller.Roles, violations);
        return tenants.Length <= 1 && violations.Found.Count == 0 && AccessNames.IsCaller(name)
            ? caller
            : throw new RefusedCredentialsException(
                "GRANTS_CONTRADICT", "What the host knows of this caller contradicts itself: its name, its tenant, or its tenant and its roles.");
    }

    /// <exception cref="RefusedCredentialsException">The caller is denied.</exception>
    public void RequireNotDenied(string name)
    {
        if (_file.Denied.Contains(name, StringComparer.Ordinal))
        {
            throw new RefusedCredentialsException("CALLER_DENIED", "The credentials of this call are not accepted any more.");
        }
    }

    /// <summary>Refuses a client certificate of a good chain that was revoked, by the access file or by its authority.</summary>
    /// <exception cref="RefusedCredentialsException">It was, or nobody can tell.</exception>
    public void RequireNotRevoked(X509Certificate2 certificate)
    {
        if (_file.Certificates is { } certificates && certificates.Revoked.Contains(
            certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), StringComparer.OrdinalIgnoreCase))
        {
            throw Revoked();
        }

        if (_revocations.Count == 0)
        {
            return;
        }

        RevocationList[] lists = [.. _revocations.Select(file => file.Current)];
        bool[] known = [.. ChainOf(certificate).Select(one => IsKnown(one, lists))];
        if (known is not [true, ..])
        {
            throw new RefusedCredentialsException(
                "REVOCATION_UNKNOWN", "The certificate's authority has no revocation list here that is up to date, so it cannot be accepted.");
        }
    }

    private static TokenIssuer WithFullPath(TokenIssuer issuer, string folder) => issuer.Console is { SecretFile: { } secret } console
        ? issuer with { Console = console with { SecretFile = Path.Combine(folder, secret) } }
        : issuer;

    private static RefusedCredentialsException Revoked() =>
        new("CERTIFICATE_REVOKED", "The certificate of this call is not accepted any more.");

    // The certificate and the authorities that have signed it, without the root. Names do not tell: an authority that changes its key keeps its name.
    private IEnumerable<X509Certificate2> ChainOf(X509Certificate2 certificate)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(Trusted ?? []);
        chain.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.CustomTrustStore);
        return chain.Build(certificate) ? [.. chain.ChainElements.SkipLast(1).Select(element => element.Certificate)] : [];
    }

    // Whether a list of its authority that is up to date tells of the certificate; a list that names it counts however old it is.
    private bool IsKnown(X509Certificate2 certificate, RevocationList[] lists)
    {
        X509Certificate2[] authorities =
            [.. (Trusted ?? []).Where(trusted => trusted.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))];
        RevocationList[] own = [.. lists.Where(list => authorities.Any(list.IsOf))];
        if (own.Any(list => list.Names(certificate)))
        {
            throw Revoked();
        }

        return own.Any(list => list.NextUpdate is not { } next || _time.GetUtcNow() < next);
    }

    private static WatchedFile<RevocationList> ReadRevocations(string path, ILogger logger) => new(path, "ACCESS_FILE", RevocationList.Parse, logger);

    private static bool Matches(Grant grant, string name, TokenIssuer? issuer, ILookup<string, string> values) =>
        (grant.Caller is null || grant.Caller == name)
        && (grant.Issuer is null || grant.Issuer == issuer?.Name)
        && grant.Claims.All(claim => values[claim.Key].Contains(claim.Value, StringComparer.Ordinal));

    private static WatchedFile<X509Certificate2Collection> ReadTrusted(string path, ILogger logger) => new(
        path,
        "ACCESS_FILE",
        content =>
        {
            X509Certificate2Collection trusted = [];
            trusted.ImportFromPem(System.Text.Encoding.UTF8.GetString(content));
            return trusted.Count > 0 ? trusted : throw new FormatException("it holds no certificate in PEM");
        },
        logger);
}
