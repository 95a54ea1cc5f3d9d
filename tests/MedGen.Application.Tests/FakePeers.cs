using MedGen.Application.Cluster;

namespace MedGen.Application.Tests;

/// <summary>The hosts of a cluster as a test wants them.</summary>
internal sealed class FakePeers : IPeerHosts
{
    public event Action<PeerNews>? Heard
    {
        add { }
        remove { }
    }

    public List<PeerNews> Told { get; } = [];

    public IReadOnlyList<PeerHost>? Live { get; set; } = [];

    public string HostId { get; set; } = "worker";

    public bool BeginsJobs { get; set; } = true;

    public bool IsCluster => true;

    public string? DeviceClass => null;

    public bool TakesRequests => true;

    public int Workers => 1;

    public TimeSpan Lease => TimeSpan.FromSeconds(10);

    public void NoteJobs(int count)
    {
    }

    public void NoteRecords()
    {
    }

    public void Tell(PeerNews news) => Told.Add(news);

    public Task<IReadOnlyList<PeerHost>?> FindLiveAsync(CancellationToken cancellationToken) => Task.FromResult(Live);
}
