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
        bool isKnown = IsKnown(certificate, lists, out X509Certificate2? authority);
        for (X509Certificate2? above = authority; above is not null && !IsOwnAuthority(above); above = authority)
        {
            IsKnown(above, lists, out authority);
        }

        if (!isKnown)
        {
            throw new RefusedCredentialsException(
                "REVOCATION_UNKNOWN", "The certificate's authority has no revocation list here that is up to date, so it cannot be accepted.");
        }
    }

    private static bool IsOwnAuthority(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static RefusedCredentialsException Revoked() =>
        new("CERTIFICATE_REVOKED", "The certificate of this call is not accepted any more.");

    // Whether a list of its authority that is up to date tells of the certificate; a list that names it counts however old it is.
    private bool IsKnown(X509Certificate2 certificate, RevocationList[] lists, out X509Certificate2? authority)
    {
        authority = null;
        bool isKnown = false;
        foreach (X509Certificate2 trusted in (Trusted ?? []).Where(trusted =>
            trusted.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)))
        {
            authority = trusted;
            foreach (RevocationList list in lists.Where(list => list.IsOf(trusted)))
            {
                if (list.Names(certificate))
                {
                    throw Revoked();
                }

                isKnown |= list.NextUpdate is not { } next || _time.GetUtcNow() < next;
            }
        }

        return isKnown;
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
