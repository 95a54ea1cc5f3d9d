namespace MedGen.Application.Cluster;

/// <summary>A host that is alone.</summary>
public sealed class NoPeers : IPeerHosts
{
    /// <inheritdoc />
    public event Action<PeerNews>? Heard
    {
        add { }
        remove { }
    }

    /// <inheritdoc />
    public bool IsCluster => false;

    /// <inheritdoc />
    public string HostId => "";

    /// <inheritdoc />
    public string? DeviceClass => null;

    /// <inheritdoc />
    public bool TakesRequests => true;

    /// <inheritdoc />
    public bool BeginsJobs => true;

    /// <inheritdoc />
    public int Workers => 1;

    /// <inheritdoc />
    public TimeSpan Lease => TimeSpan.Zero;

    /// <inheritdoc />
    public void NoteJobs(int count)
    {
        // Nobody is there.
    }

    /// <inheritdoc />
    public void NoteRecords()
    {
        // Nobody is there.
    }

    /// <inheritdoc />
    public void Tell(PeerNews news)
    {
        // Nobody is there.
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<PeerHost>?> FindLiveAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PeerHost>?>([]);
}
