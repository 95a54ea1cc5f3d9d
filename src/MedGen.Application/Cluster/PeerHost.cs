using System.Text.Json.Serialization;

namespace MedGen.Application.Cluster;

/// <summary>A host of the cluster, as it told last. Members may be added, and never change their meaning.</summary>
public sealed record PeerHost
{
    /// <summary>Id of the process.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it runs jobs.</summary>
    public bool RunsJobs { get; init; }

    /// <summary>Whether it takes requests.</summary>
    public bool TakesRequests { get; init; }

    /// <summary>Class of its device; null: none was stated.</summary>
    public string? DeviceClass { get; init; }

    /// <summary>Whether it begins no job any more.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Jobs that it has claimed.</summary>
    public int Jobs { get; init; }

    /// <summary>Whether it has had no answer from the records for a lease: what it runs is not its own for long.</summary>
    public bool IsWithoutRecords { get; init; }

    /// <summary>Version of its program.</summary>
    public string Version { get; init; } = "";

    /// <summary>What it can generate; null: it does not tell, since it runs no jobs or is of an earlier version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostAbility? Ability { get; init; }
}
