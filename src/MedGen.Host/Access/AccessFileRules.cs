using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>The rules of the access file.</summary>
internal static class AccessFileRules
{
    private const int MaxClockSkew = 300;

    public static void Check(AccessFile file, string folder, Violations violations)
    {
        for (int i = 0; i < file.Issuers.Count; i++)
        {
            Check(file.Issuers[i], folder, violations.In($"issuers[{i}]"));
        }

        violations.Require(
            file.Issuers.Select(issuer => issuer.Name).Distinct().Count() == file.Issuers.Count
                && file.Issuers.Select(issuer => issuer.Issuer).Distinct().Count() == file.Issuers.Count,
            "issuers", $"got a name or an issuer twice", $"each once");
        if (file.Certificates is { } certificates)
        {
            RequireFile(certificates.TrustFile, folder, "certificates.trust_file", violations);
            for (int i = 0; i < certificates.RevocationLists.Count; i++)
            {
                RequireFile(certificates.RevocationLists[i], folder, $"certificates.revocation_lists[{i}]", violations);
            }

            violations.Require(
                certificates.Revoked.All(print => print.Length == 64 && print.All(char.IsAsciiHexDigit)),
                "certificates.revoked", $"got another text", $"SHA-256 fingerprints of 64 hex digits");
        }

        for (int i = 0; i < file.Grants.Count; i++)
        {
            Check(file.Grants[i], file, violations.In($"grants[{i}]"));
        }
    }

    private static void Check(TokenIssuer issuer, string folder, Violations violations)
    {
        violations.Require(
            AccessNames.IsTenant(issuer.Name) && issuer.Name is { Length: <= 32 } and not "certificate",
            "name", $"got another text", $"1 to 32 lower-case letters, digits and hyphens, not certificate");
        violations.Require(issuer.Audience.Length > 0, "audience", $"is empty", $"what tokens for this host say in aud");
        violations.Within<int>("clock_skew_seconds", issuer.ClockSkewSeconds, 0, MaxClockSkew);
        bool isAddress = Uri.TryCreate(issuer.Issuer, UriKind.Absolute, out Uri? address);
        violations.Require(
            issuer.KeysFile is not null ? issuer.Issuer.Length > 0 : isAddress && (address!.Scheme == Uri.UriSchemeHttps || address.IsLoopback),
            "issuer", $"got another text", $"an https address, or a keys_file beside it");
        if (issuer.KeysFile is { } file)
        {
            RequireFile(file, folder, "keys_file", violations);
        }

        if (issuer.Console is { } console)
        {
            violations.Require(console.ClientId.Length > 0, "console.client_id", $"is empty", $"the id that the issuer gave to this host");
            violations.Require(console.Scopes.Contains("openid"), "console.scopes", $"has no openid", $"openid, and others");
            violations.Require(
                isAddress && (address!.Scheme == Uri.UriSchemeHttps || address.IsLoopback),
                "console", $"is given", $"none without the issuer's https address");
            if (console.SecretFile is { } secret)
            {
                RequireFile(secret, folder, "console.secret_file", violations);
            }
        }
    }

    private static void Check(Grant grant, AccessFile file, Violations violations)
    {
        violations.Require(grant.Caller is null || AccessNames.IsCaller(grant.Caller), "caller", $"got another text", $"a caller's whole name");
        violations.Require(
            grant.Caller is not null || grant.Issuer is not null,
            "caller", $"is missing", $"a caller's whole name, or an issuer with or without claims");
        violations.Require(
            grant.Claims.Count == 0 || grant.Issuer is not null, "claims", $"got some without an issuer", $"claims of an issuer's tokens");
        violations.OneOf("issuer", grant.Issuer, [.. file.Issuers.Select(issuer => issuer.Name)]);
        violations.Require(grant.Roles.Count > 0, "roles", $"is empty", $"{AccessNames.RoleNames}");
        if (grant.Tenant is { } tenant)
        {
            AccessNames.CheckTenant(tenant, grant.Roles, violations);
        }
    }

    private static void RequireFile(string file, string folder, string field, Violations violations) =>
        violations.Require(File.Exists(Path.Combine(folder, file)), field, $"there is no such file", $"a file, relative to the access file's folder");
}
