namespace MedGen.Application.Idempotency;

/// <summary>A caller's idempotency key with the request that it stands for. Written in one transaction with what the request makes.</summary>
public sealed record IdempotencyClaim
{
    /// <summary>Name of the caller.</summary>
    public required string Owner { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the request, lower-case hex.</summary>
    public required string RequestHash { get; init; }
}
