using MedGen.Application.Access;

namespace MedGen.Host.Access;

/// <summary>One entry of the file of API keys. The key itself is in nobody's file.</summary>
internal sealed record ApiKey
{
    /// <summary>Name of the caller, 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The caller's roles; null: <see cref="Role"/>.</summary>
    public IReadOnlyList<Role>? Roles { get; init; }

    /// <summary>The caller's only role, as files from before there were several have it; <c>reader</c> is their name for the viewer.</summary>
    public string? Role { get; init; }

    /// <summary>The caller's tenant.</summary>
    public string Tenant { get; init; } = Tenants.Default;

    /// <summary>From when on the key is not accepted any more; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
