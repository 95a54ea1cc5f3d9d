using MedGen.Application.Idempotency;

namespace MedGen.Storage.Database;

/// <summary>Idempotency keys; written in the transaction of the job or artifact that they stand for, and gone with it.</summary>
internal sealed class IdempotencyKeys(StoreDatabase database) : IIdempotencyStore
{
    public Task<IdempotencyRecord?> FindAsync(string owner, string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IdempotencyRecord? record = database.Read(session => session.Query(
            "SELECT request_hash, job_id, artifact_id FROM idempotency_keys WHERE owner = @owner AND key = @key",
            row => new IdempotencyRecord
            {
                RequestHash = row.GetString(0),
                JobId = row.IsDBNull(1) ? null : row.GetString(1),
                ArtifactId = row.IsDBNull(2) ? null : row.GetString(2),
            },
            ("@owner", owner),
            ("@key", key)).SingleOrDefault());
        return Task.FromResult(record);
    }

    /// <summary>Writes a key beside what it stands for.</summary>
    /// <exception cref="IdempotencyKeyTakenException">Another call with the same key came first.</exception>
    public static void Write(StoreSession session, IdempotencyClaim? claim, string? jobId = null, string? artifactId = null)
    {
        if (claim is null)
        {
            return;
        }

        int rows = session.Execute(
            """
            INSERT INTO idempotency_keys (owner, key, request_hash, job_id, artifact_id)
            VALUES (@owner, @key, @hash, @job, @artifact) ON CONFLICT DO NOTHING
            """,
            ("@owner", claim.Owner),
            ("@key", claim.Key),
            ("@hash", claim.RequestHash),
            ("@job", jobId),
            ("@artifact", artifactId));
        if (rows == 0)
        {
            throw new IdempotencyKeyTakenException();
        }
    }
}
