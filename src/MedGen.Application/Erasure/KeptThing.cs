namespace MedGen.Application.Erasure;

/// <summary>Something that was meant and was not erased.</summary>
public sealed record KeptThing
{
    /// <summary>
    /// The thing with its id, as in the audit log: <c>artifact:ID</c> or <c>job:ID</c>. What is not reached: <c>folder:PATH</c>, <c>embeddings</c>,
    /// <c>backups</c>, <c>trained</c> or <c>audit</c>.
    /// </summary>
    public required string Thing { get; init; }

    /// <summary>
    /// Why: <c>ARTIFACT_ON_HOLD</c>, <c>ARTIFACT_IN_USE</c>, <c>JOB_OPEN</c>, or <c>JOB_OF_KEPT_ARTIFACT</c>; of what is not reached see
    /// <see cref="ErasureReceipt.NotReached"/>.
    /// </summary>
    public required string Reason { get; init; }
}
