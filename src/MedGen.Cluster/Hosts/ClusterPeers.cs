using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using MedGen.Application.Cluster;
using MedGen.Cluster.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MedGen.Cluster.Hosts;

/// <summary>
/// The other hosts, by what they say on NATS: a sign of life from each several times within a lease, and news. Who was not heard of for a lease, by
/// this host's own monotonic clock, counts as dead; no host's wall clock matters. A host that does not hear itself is cut off, and knows of nobody.
/// </summary>
internal sealed class ClusterPeers : BackgroundService, IPeerHosts
{
    // Hosts look at the records every two seconds.
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(4);

    private readonly ClusterServers _servers;
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterPeers> _logger;
    private readonly ConcurrentDictionary<string, (PeerHost Host, long Heard)> _hosts = new(StringComparer.Ordinal);

    // What is not sent in time is not worth waiting for: everything stands in the records.
    private readonly Channel<PeerNews> _news =
        Channel.CreateBounded<PeerNews>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly IHostAbility? _ability;
    private volatile bool _isDraining;
    private int _jobs;
    private long _recordsAt;

    public ClusterPeers(
        ClusterServers servers, HostIdentity identity, IOptions<ClusterOptions> options, TimeProvider time, ILogger<ClusterPeers> logger,
        IHostAbility? ability = null)
    {
        _ability = ability;
        _servers = servers;
        _options = options.Value;
        _time = time;
        _logger = logger;
        HostId = identity.Id;
        NoteRecords();
    }

    public event Action<PeerNews>? Heard;

    public bool IsCluster => true;

    public string HostId { get; }

    public string? DeviceClass => _options.DeviceClass;

    public bool TakesRequests => _options.Role != ClusterRole.Worker;

    public bool BeginsJobs => !_isDraining && IsHeard(HostId);

    public int Workers => Math.Max(1, Live.Count(host => host.RunsJobs));

    public TimeSpan Lease => _options.Lease;

    private IEnumerable<PeerHost> Live => _hosts.Values.Where(one => _time.GetElapsedTime(one.Heard) < Lease).Select(one => one.Host);

    private PeerHost Self => new()
    {
        Id = HostId,
        Name = _options.HostName ?? Environment.MachineName,
        RunsJobs = _options.Role != ClusterRole.Front,
        TakesRequests = TakesRequests,
        DeviceClass = DeviceClass,
        IsDraining = _isDraining,
        Jobs = _jobs,
        IsWithoutRecords = _time.GetElapsedTime(Volatile.Read(ref _recordsAt)) > Lease + LookTime,
        Version = typeof(ClusterPeers).Assembly.GetName().Version?.ToString(3) ?? "",
    };

    public void NoteJobs(int count) => _jobs = count;

    public void NoteRecords() => Volatile.Write(ref _recordsAt, _time.GetTimestamp());

    public void Tell(PeerNews news) => _news.Writer.TryWrite(news);

    public Task<IReadOnlyList<PeerHost>?> FindLiveAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PeerHost>?>(IsHeard(HostId) ? [.. Live] : null);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _servers.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
        Log.Joined(_logger, Self.Name, HostId, _options.Role);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        LiveAsync(stoppingToken),
        SendNewsAsync(stoppingToken),
        ListenAsync(ClusterSubjects.Hosts, HearHost, stoppingToken),
        ListenAsync(ClusterSubjects.News, HearNews, stoppingToken),
        ListenAsync(ClusterSubjects.Drain, HearDrain, stoppingToken));

    private bool IsHeard(string hostId) => _hosts.TryGetValue(hostId, out (PeerHost, long Heard) one) && _time.GetElapsedTime(one.Heard) < Lease;

    private async Task LiveAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(Lease / 5, _time);
        do
        {
            PeerHost sign = Self with { Ability = _options.Role == ClusterRole.Front ? null : _ability?.Read() };
            await SendAsync(ClusterSubjects.Hosts, JsonSerializer.SerializeToUtf8Bytes(sign, ClusterSubjects.Json), stop).ConfigureAwait(false);
            foreach ((string id, (_, long heard)) in _hosts)
            {
                if (_time.GetElapsedTime(heard) > Lease * 10)
                {
                    _hosts.TryRemove(id, out _);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
    }

    private async Task SendNewsAsync(CancellationToken stop)
    {
        await foreach (PeerNews news in _news.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            byte[] payload = Encoding.UTF8.GetBytes($"{HostId} {news.Kind} {news.Subject}");
            await SendAsync(ClusterSubjects.News, payload, stop).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(string subject, byte[] payload, CancellationToken stop)
    {
        try
        {
            await _servers.Connection.PublishAsync(subject, payload, cancellationToken: stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is NatsException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            Log.NotTold(_logger, exception.GetType().Name);
        }
    }

    private async Task ListenAsync(string subject, Action<byte[]> hear, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                IAsyncEnumerable<NatsMsg<byte[]>> messages = _servers.Connection.SubscribeAsync<byte[]>(subject, cancellationToken: stop);
                await foreach (NatsMsg<byte[]> message in messages.ConfigureAwait(false))
                {
                    hear(message.Data ?? []);
                }
            }
            catch (Exception exception) when (exception is NatsException or IOException or JsonException)
            {
                Log.NotHeard(_logger, exception.GetType().Name);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, stop).ConfigureAwait(false);
            }
        }
    }

    private void HearHost(byte[] payload)
    {
        if (JsonSerializer.Deserialize<PeerHost>(payload, ClusterSubjects.Json) is { } host)
        {
            _hosts[host.Id] = (host, _time.GetTimestamp());
        }
    }

    // Kinds that a newer host tells and this one does not know are looked up in the records, as lost news are.
    private void HearNews(byte[] payload)
    {
        if (Encoding.UTF8.GetString(payload).Split(' ') is [var from, var kind, var subject] && from != HostId
            && Enum.TryParse(kind, out PeerNewsKind known) && Enum.IsDefined(known))
        {
            Heard?.Invoke(new PeerNews(known, subject));
        }
    }

    private void HearDrain(byte[] payload)
    {
        string name = Encoding.UTF8.GetString(payload);
        if (!_isDraining && (name == HostId || name == Self.Name))
        {
            _isDraining = true;
            Log.Draining(_logger);
        }
    }
}
