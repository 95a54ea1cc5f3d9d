using System.Text.RegularExpressions;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>What names in files of access may look like.</summary>
internal static partial class AccessNames
{
    /// <summary>The roles, as files spell them.</summary>
    public static string RoleNames { get; } = string.Join(", ", Enum.GetNames<Role>()).ToLowerInvariant();

    /// <summary>The role with a name; null: there is none.</summary>
    public static Role? ToRole(string name) => RoleNames.Split(", ").Contains(name) ? Enum.Parse<Role>(name, ignoreCase: true) : null;

    public static bool IsCaller(string name) => name.Length is >= 1 and <= 200 && !name.Any(char.IsControl);

    public static bool IsTenant(string name) => Tenant().IsMatch(name);

    /// <summary>Checks a caller's tenant; only those who administer or audit may stand above all of them.</summary>
    public static void CheckTenant(string tenant, IReadOnlyList<Role> roles, Violations violations)
    {
        violations.Require(
            tenant == Tenants.All || IsTenant(tenant),
            "tenant", $"got another text", $"1 to 64 lower-case letters, digits and hyphens, or {Tenants.All}");
        violations.Require(
            tenant != Tenants.All || (roles.Count > 0 && roles.All(role => role is Role.Administrator or Role.Auditor)),
            "tenant", $"got {Tenants.All} with other roles", $"{Tenants.All} for administrators and auditors");
    }

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex Tenant();
}
