using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage.Maintenance;

/// <summary>
/// What a start looks at before it serves, in bounded time: the structure of a database that is not too large for that, and whether the newest
/// contents are there. All of it is for <see cref="StoreCheck"/>.
/// </summary>
internal sealed class StartCheck(DataFolder folder, StoreDatabase database, ILogger<StartCheck> logger)
{
    private const int NewestContents = 1000;

    /// <exception cref="DataLossException">The database is damaged (<c>DATABASE_DAMAGED</c>).</exception>
    public void Run()
    {
        database.Check();
        if (folder.IsOfCluster)
        {
            return;
        }

        foreach (StoredContent content in database.Read(session => StoredContent.ReadNewest(session, NewestContents)))
        {
            FileInfo file = new(folder.ContentFile(content.Sha256));
            if (!file.Exists || file.Length != content.Size)
            {
                Log.StartFound(
                    logger, content.ArtifactIds[0], file.Exists ? StoreFindingKind.ContentDamaged : StoreFindingKind.ContentMissing);
            }
        }
    }
}
