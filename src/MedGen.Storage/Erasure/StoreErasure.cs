using System.Text.Json;
using MedGen.Application.Artifacts;
using MedGen.Application.Erasure;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Artifacts;
using MedGen.Storage.Database;
using MedGen.Storage.Maintenance;

namespace MedGen.Storage.Erasure;

/// <summary>
/// Erases in one transaction: artifacts with everything that was made of them, and the jobs that made or read them. Copies in quarantine and what
/// jobs keep beside the database go with them; what is deleted is overwritten in the database and gone from its log.
/// </summary>
internal sealed class StoreErasure(
    StoreDatabase database, ContentRemoval removal, DataFolder folder, ICheckpointStore checkpoints, ContentFiles files,
    IPromptCaches caches, TimeProvider time)
    : IErasure
{
    private const string Embeddings = "embeddings";

    private static readonly KeptThing[] Elsewhere =
    [
        new() { Thing = "backups", Reason = "EXPIRE_THEM" },
        new() { Thing = "trained", Reason = "ERASE_BY_HAND" },
        new() { Thing = "audit", Reason = "IDS_ONLY" },
    ];

    public async Task<ErasureReceipt> EraseAsync(ErasureTarget target, string by, bool dryRun, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            return database.Read(session => Plan(session, target, by, dryRun, isForgotten: true).Receipt);
        }

        bool isForgotten = await caches.ForgetAsync(cancellationToken).ConfigureAwait(false);
        return await database.EraseAsync(
            session =>
            {
                (ErasureReceipt receipt, IReadOnlyList<Artifact> artifacts) = Plan(session, target, by, dryRun, isForgotten);
                foreach (Artifact artifact in artifacts)
                {
                    if (removal.Remove(session, artifact))
                    {
                        session.AfterCommit(() => new Quarantine(folder, time).Erase(artifact.Sha256));
                    }
                }

                foreach (string job in receipt.Jobs)
                {
                    session.Execute("DELETE FROM jobs WHERE id = @id", ("@id", job));
                    session.AfterCommit(() => checkpoints.Delete(job));
                    session.AfterCommit(() => files.DeleteJobFolder(job));
                }

                session.Execute(
                    "INSERT INTO erasures (id, document) VALUES (@id, @document)",
                    ("@id", receipt.Id),
                    ("@document", StoredJson.Of(receipt)));
                return receipt;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private (ErasureReceipt Receipt, IReadOnlyList<Artifact> Artifacts) Plan(
        StoreSession session, ErasureTarget target, string by, bool dryRun, bool isForgotten)
    {
        if (target.ArtifactId is { } id && ArtifactRows.Find(session, id) is null)
        {
            throw new ResourceNotFoundException("artifact", id);
        }

        List<KeptThing> kept = [];
        List<Artifact> artifacts = [];
        HashSet<string> keptIds = [];
        foreach (Artifact artifact in Meant(session, target))
        {
            string? reason = artifact.Hold is not null ? "ARTIFACT_ON_HOLD"
                : ContentRemoval.FindUser(session, artifact.Id) is not null ? "ARTIFACT_IN_USE"
                : null;
            if (reason is null)
            {
                artifacts.Add(artifact);
            }
            else
            {
                keptIds.Add(artifact.Id);
                kept.Add(new KeptThing { Thing = $"artifact:{artifact.Id}", Reason = reason });
            }
        }

        List<string> jobs = [];
        foreach ((string job, bool isOpen) in JobsOf(session, target, artifacts.Select(artifact => artifact.Id).Concat(keptIds)))
        {
            string? reason = isOpen ? "JOB_OPEN" : IsJobOf(session, job, keptIds) ? "JOB_OF_KEPT_ARTIFACT" : null;
            if (reason is null)
            {
                jobs.Add(job);
            }
            else
            {
                kept.Add(new KeptThing { Thing = $"job:{job}", Reason = reason });
            }
        }

        HashSet<string> erased = [.. artifacts.Select(artifact => artifact.Id)];
        ErasureReceipt receipt = new()
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Time = time.GetUtcNow(),
            By = by,
            Target = target,
            DryRun = dryRun,
            Artifacts = [.. artifacts.Select(artifact => Describe(session, artifact, erased))],
            Jobs = jobs,
            Kept = kept,
            Emptied = isForgotten ? [Embeddings] : [],
            NotReached =
            [
                .. OutputFoldersOf(session, jobs).Select(folder => new KeptThing { Thing = $"folder:{folder}", Reason = "OUTPUT_FOLDER" }),
                .. isForgotten ? Array.Empty<KeptThing>() : [new KeptThing { Thing = Embeddings, Reason = "CANNOT_BE_DELETED" }],
                .. database.OverwritesDeleted ? Array.Empty<KeptThing>() : [new KeptThing { Thing = "database", Reason = "NOT_OVERWRITTEN" }],
                .. Elsewhere,
            ],
        };
        return (receipt, artifacts);
    }

    private static List<string> OutputFoldersOf(StoreSession session, IEnumerable<string> jobs) => session.Query(
        """
        SELECT DISTINCT json_extract(request, '$.outputFolder') AS folder FROM jobs
        WHERE id IN (SELECT value FROM json_each(@jobs)) AND kind = 'Augmentation' AND json_extract(request, '$.outputFolder') IS NOT NULL
        ORDER BY folder
        """,
        row => row.GetString(0),
        ("@jobs", JsonSerializer.Serialize(jobs)));

    // With everything that jobs have made of it, and of that.
    private static List<Artifact> Meant(StoreSession session, ErasureTarget target) => session.Query(
        """
        WITH RECURSIVE meant (id) AS (
            SELECT id FROM artifacts WHERE id = @id OR owner = @owner OR patient = @patient
            UNION SELECT artifact_sources.artifact_id FROM artifact_sources JOIN meant ON artifact_sources.source_id = meant.id)
        SELECT document FROM artifacts WHERE id IN (SELECT id FROM meant) ORDER BY id
        """,
        ArtifactRows.Map,
        ("@id", target.ArtifactId),
        ("@owner", target.Owner),
        ("@patient", target.Patient));

    private static List<(string Id, bool IsOpen)> JobsOf(StoreSession session, ErasureTarget target, IEnumerable<string> artifacts) => session.Query(
        """
        SELECT id, state IN ('Queued', 'Running') FROM jobs
        WHERE owner = @owner
            OR id IN (SELECT job_id FROM job_inputs WHERE artifact_id IN (SELECT value FROM json_each(@artifacts)))
            OR id IN (SELECT job_id FROM artifacts WHERE id IN (SELECT value FROM json_each(@artifacts)))
        ORDER BY id
        """,
        row => (row.GetString(0), row.GetBoolean(1)),
        ("@owner", target.Owner),
        ("@artifacts", JsonSerializer.Serialize(artifacts)));

    private static bool IsJobOf(StoreSession session, string job, IEnumerable<string> artifacts) => session.Scalar<bool>(
        """
        SELECT EXISTS (SELECT 1 FROM artifacts WHERE job_id = @job AND id IN (SELECT value FROM json_each(@artifacts)))
            OR EXISTS (SELECT 1 FROM job_inputs WHERE job_id = @job AND artifact_id IN (SELECT value FROM json_each(@artifacts)))
        """,
        ("@job", job),
        ("@artifacts", JsonSerializer.Serialize(artifacts)));

    private static ErasedArtifact Describe(StoreSession session, Artifact artifact, HashSet<string> erased) => new()
    {
        ArtifactId = artifact.Id,
        Kind = artifact.Kind,
        Sha256 = artifact.Sha256,
        Size = artifact.Size,
        ContentStays = session.Query("SELECT id FROM artifacts WHERE sha256 = @hash", row => row.GetString(0), ("@hash", artifact.Sha256))
            .Any(id => !erased.Contains(id)),
    };
}
