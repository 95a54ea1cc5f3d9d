namespace MedGen.Application.Idempotency;

/// <summary>Looks up idempotency keys; they are written with the job or artifact that they stand for.</summary>
public interface IIdempotencyStore
{
    /// <summary>What a key was used for.</summary>
    /// <param name="owner">Name of the caller.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The record; null: the key is free.</returns>
    Task<IdempotencyRecord?> FindAsync(string owner, string key, CancellationToken cancellationToken);
}
