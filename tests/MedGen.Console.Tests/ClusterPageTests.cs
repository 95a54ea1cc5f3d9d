using System.Net;
using MedGen.Application.Cluster;
using MedGen.Client;
using MedGen.Host;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Console.Tests;

/// <summary>The hosts of a cluster, on the page System and by the call behind it.</summary>
public sealed class ClusterPageTests : IDisposable
{
    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task System_OfAHostInACluster_ListsTheHosts()
    {
        Peers peers = new([
            new() { Id = "2", Name = "worker-2", RunsJobs = true, DeviceClass = "h100", Jobs = 4, Version = "0.1.0" },
            new() { Id = "1", Name = "front-1", TakesRequests = true, IsDraining = true, Version = "0.1.0" },
        ]);
        await using RunningHost host = await StartAsync(peers);
        using ConsoleClient operating = await SignInAsync(host, "ann");
        using MedGenClient client = host.ClientWith(Tokens.Of("ann"));

        string page = await operating.ReadAsync("/system");
        Protos.V1.SystemStatus system = await client.Operations.GetSystemAsync(RunningHost.Token);

        page.ShouldContain("Hosts of the cluster");
        page.ShouldContain(">worker-2</th>");
        page.ShouldContain(">h100<");
        page.ShouldContain(">drains<");
        system.InCluster.ShouldBeTrue();
        system.Hosts.Select(one => (one.Name, one.RunsJobs, one.Jobs, one.Draining)).ShouldBe([("front-1", false, 0, true), ("worker-2", true, 4, false)]);
    }

    [Fact]
    public async Task System_OfAHostThatIsCutOff_SaysSo()
    {
        await using RunningHost host = await StartAsync(new Peers(null));
        using ConsoleClient operating = await SignInAsync(host, "ann");

        (await operating.ReadAsync("/system")).ShouldContain("it is cut off from the cluster");
    }

    private static async Task<ConsoleClient> SignInAsync(RunningHost host, string name)
    {
        ConsoleClient client = new(host);
        (await client.SignInAsync(Tokens.Of(name))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return client;
    }

    private Task<RunningHost> StartAsync(Peers peers) => RunningHost.StartAsync(
        options => options with { Console = true, TokenFile = _files.Keys(Tokens.Key("ann", ["operator"])) },
        services: services => services.AddSingleton<IPeerHosts>(peers));

    private sealed class Peers(IReadOnlyList<PeerHost>? hosts) : IPeerHosts
    {
        public event Action<PeerNews>? Heard
        {
            add { }
            remove { }
        }

        public bool IsCluster => true;

        public string HostId => "1";

        public string? DeviceClass => null;

        public bool TakesRequests => true;

        public bool BeginsJobs => false;

        public int Workers => 1;

        public TimeSpan Lease => TimeSpan.FromSeconds(10);

        public void NoteJobs(int count)
        {
        }

        public void NoteRecords()
        {
        }

        public void Tell(PeerNews news)
        {
        }

        public Task<IReadOnlyList<PeerHost>?> FindLiveAsync(CancellationToken cancellationToken) => Task.FromResult(hosts);
    }
}
