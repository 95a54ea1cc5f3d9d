namespace MedGen.Application.Access;

/// <summary>
/// Tenants are departments or customers that share a host and see nothing of each other. Names: 1 to 64 lower-case letters, digits and hyphens.
/// </summary>
public static class Tenants
{
    /// <summary>The tenant of everybody and everything that states none: a host of one department has no other.</summary>
    public const string Default = "default";

    /// <summary>
    /// In the place of a caller's tenant: the caller stands above the tenants. What such a caller makes belongs to <see cref="Default"/>.
    /// </summary>
    public const string All = "*";
}
