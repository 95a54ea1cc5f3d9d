namespace MedGen.Application.Idempotency;

/// <summary>What an idempotency key was used for. It lives as long as what the request made.</summary>
public sealed record IdempotencyRecord
{
    /// <summary>SHA-256 of the request, lower-case hex.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The job that the request made; null: it made an artifact.</summary>
    public string? JobId { get; init; }

    /// <summary>The artifact that the request made; null: it made a job.</summary>
    public string? ArtifactId { get; init; }
}
