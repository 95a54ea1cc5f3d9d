using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Bench.Serving;
using MedGen.Cluster;

namespace MedGen.Bench.Cluster;

/// <summary>
/// One tenant keeps many times as many jobs waiting as run at once; another keeps as many as run, and a third asks for one at a time. Who gets what, at
/// one host and at three that share a queue, each with the same places.
/// </summary>
internal static class FloodFigure
{
    private const int Places = 4; // of each host
    private const int Flood = 6; // jobs of the flooding tenant for each place
    private const int Requests = 15;

    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(300);

    // A queued job is told to its caller when it begins, so a place is never empty for want of callers.
    private static readonly string[] Tenants = ["flooding", "busy", "modest"];

    public static async Task<int> RunAsync()
    {
        string picture = ClusterBenchmark.Picture();
        string tokens = Path.GetTempFileName();
        await File.WriteAllTextAsync(tokens, JsonSerializer.Serialize(Tenants.Select(tenant => new
        {
            name = tenant, roles = new[] { "operator" }, tenant, sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant))),
        })));
        try
        {
            Console.WriteLine(FormattableString.Invariant(
                $"jobs of {Work.TotalMilliseconds:0} ms, {Places} at once at each host; 'flooding' keeps {Flood} for each place, 'busy' 1, 'modest' asks for one at a time"));
            Console.WriteLine("            modest, s a job: alone p50    with the flood p50    p95    jobs ended meanwhile: flooding    busy   share of busy");
            await using (DispatchHost alone = await StartAsync(null, null, tokens, picture))
            {
                await MeasureAsync("one host", [alone]);
            }

            using LocalServers servers = new();
            await using DispatchHost first = await StartAsync(servers, null, tokens, picture);
            await using DispatchHost second = await StartAsync(servers, first, tokens, picture);
            await using DispatchHost third = await StartAsync(servers, first, tokens, picture);
            await MeasureAsync("three hosts", [first, second, third]);
            return 0;
        }
        finally
        {
            File.Delete(tokens);
            File.Delete(picture);
        }
    }

    private static async Task<DispatchHost> StartAsync(LocalServers? servers, DispatchHost? first, string tokens, string picture)
    {
        DispatchHost host = await DispatchHost.StartAsync(servers, ClusterRole.Both, first, Work, Places, tokens);
        foreach (string tenant in Tenants)
        {
            await host.UploadAsync(picture, tenant);
        }

        return host;
    }

    private static async Task MeasureAsync(string name, DispatchHost[] hosts)
    {
        await hosts[0].JobAsync("modest");
        Samples alone = await AskAsync(hosts[0]);
        using CancellationTokenSource stop = new();
        int[] ended = new int[2];
        Task[] others =
        [
            .. hosts.SelectMany(host => Enumerable.Range(0, Places * Flood).Select(_ => RepeatAsync(host, 0, ended, stop.Token))),
            .. hosts.SelectMany(host => Enumerable.Range(0, Places).Select(_ => RepeatAsync(host, 1, ended, stop.Token))),
        ];
        await Task.Delay(3 * Work);
        (int flooding, int busy) = (ended[0], ended[1]);
        Samples flooded = await AskAsync(hosts[0]);
        (flooding, busy) = (ended[0] - flooding, ended[1] - busy);
        await stop.CancelAsync();
        await Task.WhenAll(others);
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-12} {alone.Median,26:0.00} {flooded.Median,21:0.00} {flooded.At(0.95),6:0.00} {flooding,30} {busy,7} {100.0 * busy / (busy + flooding),12:0} %"));
    }

    private static async Task<Samples> AskAsync(DispatchHost host)
    {
        List<double> times = [];
        for (int i = 0; i < Requests; i++)
        {
            times.Add((await host.JobAsync("modest")).Ended);
        }

        return new Samples(times);
    }

    private static async Task RepeatAsync(DispatchHost host, int tenant, int[] ended, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await host.JobAsync(Tenants[tenant]);
            Interlocked.Increment(ref ended[tenant]);
        }
    }
}
