using MedGen.Application.Artifacts;
using MedGen.Application.Cluster;
using MedGen.Storage.Cluster;
using MedGen.Storage.Database;

namespace MedGen.Storage.Artifacts;

/// <summary>Takes artifacts out, and their content with the last of them.</summary>
internal sealed class ContentRemoval(ContentFiles files, ISharedContents contents, IPeerHosts peers, TimeProvider time)
{
    /// <summary>Id of a job that has not ended and needs an artifact; null: there is none.</summary>
    public static string? FindUser(StoreSession session, string artifactId) => session.Scalar<string>(
        """
        SELECT jobs.id FROM job_inputs JOIN jobs ON jobs.id = job_inputs.job_id
        WHERE job_inputs.artifact_id = @id AND jobs.state IN ('Queued', 'Running') LIMIT 1
        """,
        ("@id", artifactId));

    /// <summary>Deletes a record, and the content when nothing else has it.</summary>
    /// <returns>Whether the content goes with it.</returns>
    public bool Remove(StoreSession session, Artifact artifact)
    {
        session.Execute("DELETE FROM artifacts WHERE id = @id", ("@id", artifact.Id));
        if (contents.IsShared)
        {
            ContentRemovals.Remove(session, artifact.Id, time.GetUtcNow());
        }

        if (session.Scalar<long>("SELECT count(*) FROM artifacts WHERE sha256 = @hash", ("@hash", artifact.Sha256)) > 0)
        {
            return false;
        }

        files.Announce(artifact.Sha256);
        session.AfterRollback(() => files.Settle(artifact.Sha256));
        session.AfterCommit(() => files.Delete(artifact.Sha256));
        session.AfterCommit(() => peers.Tell(new PeerNews(PeerNewsKind.ContentRemoved, artifact.Sha256)));
        return true;
    }
}
