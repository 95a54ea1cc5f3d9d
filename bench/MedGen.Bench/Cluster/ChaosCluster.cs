using System.Diagnostics;
using System.Text.Json;
using MedGen.Bench.Serving;
using MedGen.Client;
using MedGen.Cluster;
using MedGen.Host;
using MedGen.Tests;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MedGen.Bench.Cluster;

/// <summary>Three NATS servers, PostgreSQL and four hosts, and what is done to them.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const string Key = "host-key.pem";
    private const int Interval = 5;

    private static readonly TimeSpan Wrong = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-chaos-").FullName;
    private readonly LocalServers _servers = new(natsServers: 3);
    private readonly Dictionary<string, ServedHost> _hosts = [];
    private HostLines _lines = null!;
    private MedGenHost _wrong = null!;
    private int _leader;

    /// <summary>The host that is asked and watched, and left alone.</summary>
    public MedGenClient Front => _hosts["a"].Client;

    private static bool HasSmallDisk => Environment.UserName == "root";

    public static async Task<ChaosCluster> StartAsync()
    {
        ChaosCluster cluster = new();
        cluster._lines = new HostLines(cluster._servers.Postgres, cluster._servers.Nats);
        await cluster.StartHostAsync("a");
        await cluster.StartHostAsync("b");
        if (HasSmallDisk)
        {
            Directory.CreateDirectory(cluster.DataOf("c"));
            Run("mount", "-t", "tmpfs", "-o", "size=400m", "medgen-bench", cluster.DataOf("c"));
        }

        await cluster.StartHostAsync("c", cluster._lines);
        await cluster.StartWrongAsync();
        return cluster;
    }

    /// <summary>What is done after how many jobs have ended.</summary>
    public IEnumerable<(int Done, string What, Func<Task> Act)> Blows() =>
    [
        (6, "host b is killed", () => _hosts["b"].KillAsync()),
        (14, "the leader of NATS is killed", KillLeaderAsync),
        (22, "host b and the server are back", () => BackAsync(_leader)),
        (30, "PostgreSQL is killed, and back after 5 s", KillPostgresAsync),
        (40, "host c is parted from NATS and PostgreSQL for 30 s", PartAsync),
        (52, "what host c sends and gets waits 50 ms", () => Slow(TimeSpan.FromMilliseconds(50))),
        (62, HasSmallDisk ? "host c is fast again, and its disk is full" : "host c is fast again", FillAsync),
        (72, "host b is killed again, and another NATS server", () => Task.WhenAll(_hosts["b"].KillAsync(), KillNatsAsync())),
        (82, "both are back, and the disk has room", () => BackAsync(0)),
    ];

    /// <summary>One line with a hash for each frame of a result.</summary>
    public async Task<string> FramesAsync(string artifact)
    {
        string file = Path.Combine(_folder, artifact + ".mp4");
        await Front.Artifacts.DownloadAsync(artifact, file);
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", file, "-f", "framemd5", "-"]) { RedirectStandardOutput = true })!;
        string hashes = await ffmpeg.StandardOutput.ReadToEndAsync();
        await ffmpeg.WaitForExitAsync();
        File.Delete(file);
        return hashes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServedHost host in _hosts.Values)
        {
            host.Dispose();
        }

        await _wrong.DisposeAsync();
        await _lines.DisposeAsync();
        _servers.Dispose();
        if (HasSmallDisk)
        {
            Run("umount", "-l", DataOf("c"));
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string DataOf(string name) => Path.Combine(_folder, name);

    private async Task StartHostAsync(string name, HostLines? lines = null)
    {
        CopyKey(name);
        string config = Path.Combine(_folder, name + ".json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
        {
            storage = new { database = lines?.Through(_servers.Database) ?? _servers.Database, database_password_file = _servers.Postgres.PasswordFile },
            cluster = new { servers = lines?.Servers ?? _servers.NatsUrls, host_name = name, lease = "3s" },
            jobs = new { max_concurrent_jobs = 2, max_queued_jobs = 200, max_queued_jobs_per_caller = 200, max_streams_per_caller = 1000, retry_after = "2s" },
        }));
        int port = _hosts.TryGetValue(name, out ServedHost? before) ? before.Address.Port : 0;
        _hosts[name] = await ServedHost.StartAsync(DataOf(name), Interval, config, port);
    }

    // In this process, for no setting puts a clock wrong.
    private async Task StartWrongAsync()
    {
        CopyKey("d");
        MedGenHostOptions options = new()
        {
            GrpcPort = 0, HttpPort = 0, DataFolder = DataOf("d"), PluginFolders = [RepositoryFolder.Path("artifacts", "plugins")],
            ModelFolder = RepositoryFolder.Path("models", "medgen-mini"), MaxConcurrentJobs = 2, CheckpointInterval = Interval,
            Cluster = new ClusterOptions { Servers = _servers.NatsUrls, HostName = "d", Lease = TimeSpan.FromSeconds(3) },
            Storage = storage => (storage.Database, storage.DatabasePasswordFile) = (_servers.Database, _servers.Postgres.PasswordFile),
            Jobs = jobs => jobs.RetryAfter = TimeSpan.FromSeconds(2),
        };
        _wrong = MedGenHost.Build(options, builder => builder.Services.AddSingleton<TimeProvider>(new ShiftedClock(Wrong)));
        await _wrong.StartAsync();
    }

    private void CopyKey(string name)
    {
        string key = Path.Combine(DataOf(name), Key);
        if (name != "a" && !File.Exists(key))
        {
            Directory.CreateDirectory(DataOf(name));
            File.Copy(Path.Combine(DataOf("a"), Key), key);
        }
    }

    // The servers are called s0, s1, s2.
    private async Task KillLeaderAsync()
    {
        await using NatsConnection connection = new(new NatsOpts { Url = _servers.NatsUrls });
        INatsJSStream contents = await new NatsJSContext(connection).GetStreamAsync("OBJ_medgen-contents");
        _leader = contents.Info.Cluster!.Leader![1] - '0';
        _servers.Nats[_leader].Kill();
    }

    private Task KillNatsAsync()
    {
        _servers.Nats[0].Kill();
        return Task.CompletedTask;
    }

    private async Task BackAsync(int nats)
    {
        _servers.Nats[nats].Start();
        File.Delete(Filler);
        await StartHostAsync("b");
    }

    private async Task KillPostgresAsync()
    {
        _servers.Postgres.Kill();
        await Task.Delay(TimeSpan.FromSeconds(5));
        _servers.Postgres.Start();
    }

    private async Task PartAsync()
    {
        _lines.Part(nats: true, postgres: true);
        await Task.Delay(TimeSpan.FromSeconds(30));
        _lines.Mend();
    }

    private Task Slow(TimeSpan delay)
    {
        _lines.Slow(delay);
        return Task.CompletedTask;
    }

    private string Filler => Path.Combine(DataOf("c"), "filler");

    private async Task FillAsync()
    {
        await Slow(TimeSpan.Zero);
        if (!HasSmallDisk)
        {
            return;
        }

        await using FileStream filler = File.Create(Filler);
        try
        {
            while (true)
            {
                filler.Write(new byte[1 << 20]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
        }
    }
}
