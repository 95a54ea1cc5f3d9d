using MedGen.Application.Access;
using MedGen.Sdk.Serving;
using MedGen.Application.Idempotency;

namespace MedGen.Application.Jobs;

/// <summary>A job to be stored.</summary>
public sealed record NewJob
{
    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Name of the caller who asks for it.</summary>
    public required string Owner { get; init; }

    /// <summary>That caller's tenant.</summary>
    public string Tenant { get; init; } = Tenants.Default;

    /// <summary>What is asked, as JSON; kept so that the job can run again. May hold prompts: never logged, never audited.</summary>
    public required string Request { get; init; }

    /// <summary>How urgent it is.</summary>
    public ServicePriority Priority { get; init; } = ServicePriority.Normal;

    /// <summary>How long it may take, waiting included; null: no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Frames that it will generate; 0 for other kinds.</summary>
    public int GeneratedFrames { get; init; }

    /// <summary>Ids of the artifacts that it reads; they cannot be deleted until it ends.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The caller's idempotency key; null: none.</summary>
    public IdempotencyClaim? Claim { get; init; }
}
