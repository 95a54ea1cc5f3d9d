namespace MedGen.Application.Cluster;

/// <summary>
/// The other hosts that share this one's records. What they tell each other only saves time: everything that counts stands in the records, which
/// every host looks at again and again, so news may be lost, come late or come twice.
/// </summary>
public interface IPeerHosts
{
    /// <summary>Whether this host is one of a cluster.</summary>
    bool IsCluster { get; }

    /// <summary>Id of this process among the hosts, made when it starts; empty: it is no cluster.</summary>
    string HostId { get; }

    /// <summary>Class of this host's device, for metrics; null: none was stated.</summary>
    string? DeviceClass { get; }

    /// <summary>Whether this host takes requests for jobs.</summary>
    bool TakesRequests { get; }

    /// <summary>Whether this host begins jobs: not while somebody has told it to drain, nor before the others know of it.</summary>
    bool BeginsJobs { get; }

    /// <summary>How many hosts run jobs, at least 1.</summary>
    int Workers { get; }

    /// <summary>A host that was not heard of for so long counts as dead.</summary>
    TimeSpan Lease { get; }

    /// <summary>Called with what another host tells; does not wait and does not throw.</summary>
    event Action<PeerNews>? Heard;

    /// <summary>Notes how many jobs this host has, for the others to see.</summary>
    /// <param name="count">How many.</param>
    void NoteJobs(int count);

    /// <summary>Notes that this host has just had an answer from the records; a lease without one, and the others take its jobs over.</summary>
    void NoteRecords();

    /// <summary>Tells all other hosts, sooner or later or not at all; returns at once.</summary>
    /// <param name="news">What happened.</param>
    void Tell(PeerNews news);

    /// <summary>The hosts that were heard of within their lease.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The hosts, this one included; null: that cannot be told now.</returns>
    Task<IReadOnlyList<PeerHost>?> FindLiveAsync(CancellationToken cancellationToken);
}
