using MedGen.Application.Artifacts;
using MedGen.Application.Cluster;
using MedGen.Application.Jobs;

namespace MedGen.Application.Operations;

/// <summary>The host as it is.</summary>
public sealed record SystemStatus
{
    /// <summary>Version of the platform, three numbers.</summary>
    public required string Version { get; init; }

    /// <summary>Version of the plugin SDK, three numbers.</summary>
    public required string SdkVersion { get; init; }

    /// <summary>When the process started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Bytes of memory that the process holds now.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Bytes of memory that the process may hold: the machine's, or its control group's where that is less.</summary>
    public required long MemoryLimitBytes { get; init; }

    /// <summary>The disk of the data folder.</summary>
    public required StoreState Disk { get; init; }

    /// <summary>The jobs of all callers.</summary>
    public required QueueLoad Queue { get; init; }

    /// <summary>Whether the host is one of a cluster.</summary>
    public bool IsInCluster { get; init; }

    /// <summary>The hosts of the cluster that are heard of, by name; none in a cluster: this host is cut off from the others.</summary>
    public IReadOnlyList<PeerHost> Hosts { get; init; } = [];
}
