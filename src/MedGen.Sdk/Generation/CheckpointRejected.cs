namespace MedGen.Sdk.Generation;

/// <summary>A checkpoint could not be used: the generation starts from the beginning.</summary>
public sealed record CheckpointRejected : GenerationUpdate
{
    /// <summary>What is wrong with it, in one sentence.</summary>
    public required string Reason { get; init; }
}
