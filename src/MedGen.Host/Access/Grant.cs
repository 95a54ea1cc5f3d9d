using MedGen.Application.Access;

namespace MedGen.Host.Access;

/// <summary>Gives roles to callers. What is stated must all match.</summary>
internal sealed record Grant
{
    /// <summary>The caller's whole name, for instance <c>clinic:anna</c> or <c>certificate:pacs-3</c>; null: any of <see cref="Issuer"/>.</summary>
    public string? Caller { get; init; }

    /// <summary>Name of the issuer whose token the caller shows; null: whatever the caller shows.</summary>
    public string? Issuer { get; init; }

    /// <summary>Claims that the token must have, with these values.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>();

    /// <summary>The roles.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>The caller's tenant; null: the issuer's claim says, or else the default one.</summary>
    public string? Tenant { get; init; }
}
