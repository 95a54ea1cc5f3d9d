namespace MedGen.Application.Erasure;

/// <summary>Something that was meant and was not erased.</summary>
public sealed record KeptThing
{
    /// <summary>The thing with its id, as in the audit log: <c>artifact:ID</c> or <c>job:ID</c>.</summary>
    public required string Thing { get; init; }

    /// <summary>Why: <c>ARTIFACT_ON_HOLD</c>, <c>ARTIFACT_IN_USE</c>, <c>JOB_OPEN</c>, or <c>JOB_OF_KEPT_ARTIFACT</c>.</summary>
    public required string Reason { get; init; }
}
