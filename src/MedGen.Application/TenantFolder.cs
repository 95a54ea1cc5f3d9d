namespace MedGen.Application;

/// <summary>A folder of this machine that the options allow to everybody or to one tenant.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Tenant">Whose it is; null: everybody's.</param>
public sealed record TenantFolder(string Path, string? Tenant)
{
    /// <summary>Reads an entry of the options.</summary>
    /// <param name="entry">A full path stands for itself; otherwise <c>TENANT=PATH</c> is for that tenant alone.</param>
    /// <returns>The folder.</returns>
    public static TenantFolder Parse(string entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        int separator = System.IO.Path.IsPathRooted(entry) ? -1 : entry.IndexOf('=', StringComparison.Ordinal);
        return new TenantFolder(entry[(separator + 1)..], separator < 0 ? null : entry[..separator]);
    }
}
