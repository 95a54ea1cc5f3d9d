using MedGen.Application.Access;
using MedGen.Application.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Storage.Database;

namespace MedGen.Storage.Access;

/// <summary>Owners of output folders in the database.</summary>
internal sealed class FolderOwners(StoreDatabase database) : IFolderOwners
{
    public Task TakeAsync(string path, Caller caller, bool keeps, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            // A folder holds those whose path goes on after a separator; texts are compared, so a name with wildcards is no pattern.
            long others = session.Scalar<long>(
                """
                SELECT count(*) FROM output_folders
                WHERE (path = @path OR substr(path, 1, length(@path) + 1) = @path || '/' OR substr(@path, 1, length(path) + 1) = path || '/')
                  AND NOT (owner = @owner AND tenant = @tenant) AND NOT (@administers AND (@everywhere OR tenant = @tenant))
                """,
                ("@path", path),
                ("@owner", caller.Name),
                ("@tenant", caller.OwnTenant),
                ("@administers", caller.IsAdministrator),
                ("@everywhere", caller.IsOfAllTenants));
            if (others > 0)
            {
                throw new AccessDeniedException(
                    "output_folder: The folder, one above it or one below it was written by a job of somebody else; choose another.");
            }

            return !keeps ? 0 : session.Execute(
                "INSERT INTO output_folders (path, owner, tenant) VALUES (@path, @owner, @tenant) ON CONFLICT DO NOTHING",
                ("@path", path),
                ("@owner", caller.Name),
                ("@tenant", caller.OwnTenant));
        },
        cancellationToken);
}
