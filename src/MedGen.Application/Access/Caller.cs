namespace MedGen.Application.Access;

/// <summary>Somebody whose identity the host has checked.</summary>
public sealed record Caller
{
    /// <summary>Stable name: owner of jobs and artifacts, and the subject in the audit log. 1 to 200 characters, unique on the host.</summary>
    public required string Name { get; init; }

    /// <summary>The caller's roles; none: the caller is known and may do nothing.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>The tenant that the caller belongs to; <see cref="Tenants.All"/>: the caller administers or audits the whole host.</summary>
    public string Tenant { get; init; } = Tenants.Default;

    /// <summary>Address of the caller's machine, for the audit log; empty: the call came from within this process.</summary>
    public string Address { get; init; } = "";

    /// <summary>Whether the caller stands above the tenants.</summary>
    public bool IsOfAllTenants => Tenant == Tenants.All;

    /// <summary>The tenant of what the caller makes.</summary>
    public string OwnTenant => IsOfAllTenants ? Tenants.Default : Tenant;

    /// <summary>Whether the caller may act on what belongs to others of its tenant.</summary>
    public bool IsAdministrator => Roles.Contains(Role.Administrator);
}
