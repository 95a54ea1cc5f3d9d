using MedGen.Sdk.Errors;
using MedGen.Datasets.Files;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Augmentation;

/// <summary>
/// Folders of this machine that callers may read data sets from and write them to: those that the host's options name for everybody or for the
/// caller's tenant, and nothing else.
/// </summary>
internal sealed class DatasetFolders(IOptions<MedGenApplicationOptions> options)
{
    /// <summary>Where the files of such a data set may lie.</summary>
    public PathScope ScopeOf(string tenant) => options.Value.FollowDatasetLinks ? PathScope.Anywhere : PathScope.Within([.. Of(tenant)]);

    /// <summary>Refuses a path outside.</summary>
    /// <param name="path">The path; null: none was given.</param>
    /// <param name="field">The field that it comes from.</param>
    /// <param name="tenant">The caller's tenant.</param>
    /// <returns>Where it really leads; null: none was given.</returns>
    /// <exception cref="AccessDeniedException">The path lies in none of the folders, a link leads out of them, or the host allows none.</exception>
    public string? Resolve(string? path, string field, string tenant) => path is null ? null
        : !Of(tenant).Any() ? throw new AccessDeniedException(
            $"{field}: This host allows no folders of its machine; upload the data set as a tar file instead.")
        : ScopeOf(tenant).Resolve(path, field);

    /// <summary>Whether a resolved path is one of the allowed folders itself, not one below.</summary>
    public bool IsAllowedFolder(string path, string tenant) =>
        Of(tenant).Any(folder => ScopeOf(tenant).Resolve(folder, "folder") == path);

    /// <summary>The folders of a tenant, as the options spell them.</summary>
    public IEnumerable<string> Of(string tenant) =>
        from folder in options.Value.DatasetFolders.Select(TenantFolder.Parse)
        where folder.Tenant is null || folder.Tenant == tenant
        select folder.Path;
}
