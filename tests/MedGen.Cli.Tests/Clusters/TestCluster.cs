using System.Diagnostics;
using System.Text.Json;
using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Cli.Tests.Clusters;

/// <summary>NATS servers, a PostgreSQL server and hosts of <c>medgen serve</c>, each a process of its own on loopback.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-cluster-").FullName;
    private readonly string _database;
    private readonly Dictionary<string, ServeProcess> _hosts = [];
    private readonly Dictionary<string, HostLines> _lines = [];

    public TestCluster(int natsServers = 1)
    {
        Nats = natsServers == 1 ? [NatsServer.StartOwn()] : NatsServer.StartCluster(natsServers);
        _database = Postgres.CreateDatabase();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public NatsServer[] Nats { get; }

    public PostgresServer Postgres { get; } = PostgresServer.StartOwn();

    public string Servers => string.Join(',', Nats.Select(server => server.Url));

    /// <summary>The lines of a host to the servers, which it has where this was asked for before its start.</summary>
    public HostLines LinesOf(string name) => _lines.TryGetValue(name, out HostLines? lines) ? lines : _lines[name] = new HostLines(Postgres, Nats);

    public string DataOf(string name) => Path.Combine(_folder, name);

    /// <summary>Starts a host, or starts it again at the same port.</summary>
    public async Task<MedGenClient> StartAsync(string name, string role = "both", int maxConcurrent = 2, object? runtime = null)
    {
        string data = DataOf(name);
        string key = Path.Combine(_folder, "a", "host-key.pem");
        if (!File.Exists(Path.Combine(data, "host-key.pem")) && File.Exists(key))
        {
            Directory.CreateDirectory(data);
            File.Copy(key, Path.Combine(data, "host-key.pem"));
        }

        _lines.TryGetValue(name, out HostLines? lines);
        string config = Path.Combine(_folder, name + ".json");
        await File.WriteAllTextAsync(
            config,
            JsonSerializer.Serialize(new
            {
                runtime = runtime ?? new { },
                storage = new { database = lines?.Through(_database) ?? _database, database_password_file = Postgres.PasswordFile },
                cluster = new { servers = lines?.Servers ?? Servers, host_name = name, role, lease = "3s", device_class = "test" },
                jobs = new { max_concurrent_jobs = maxConcurrent, checkpoint_interval = 5, max_queued_jobs_per_caller = 64, retry_after = "2s" },
            }),
            Token);
        _hosts[name] = await ServeProcess.StartAsync(data, config: config, grpcPort: _hosts.TryGetValue(name, out ServeProcess? before) ? before.Grpc.Port : 0);
        return Client(name);
    }

    public MedGenClient Client(string name) => new(new MedGenClientOptions { Address = _hosts[name].Grpc });

    /// <summary>Waits until a host has heard of so many.</summary>
    public static async Task HeardAsync(MedGenClient client, int hosts)
    {
        while ((await client.Operations.GetSystemAsync(Token)).Hosts.Count < hosts)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
        }
    }

    /// <summary>Ends a host by SIGKILL.</summary>
    /// <returns>Its log.</returns>
    public Task<string> KillAsync(string name) => _hosts[name].KillAsync();

    public static async Task<string> AskAsync(MedGenClient client, GenerateVideoRequest request)
    {
        await foreach (JobEvent one in client.Generation.GenerateAsync(request, Token))
        {
            return one.Accepted.JobId;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    public static async Task<List<JobEvent>> WatchAsync(MedGenClient client, string job)
    {
        List<JobEvent> events = [];
        try
        {
            await foreach (JobEvent one in client.Jobs.WatchAsync(job, cancellationToken: Token))
            {
                events.Add(one);
            }
        }
        catch (MedGenRpcException)
        {
            // The job failed or was cancelled, and its last event says so.
        }

        return events;
    }

    /// <summary>One line with a hash for each frame of a result, fetched from a host.</summary>
    public async Task<string> FramesAsync(MedGenClient client, string artifact)
    {
        string file = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".mp4");
        await client.Artifacts.DownloadAsync(artifact, file, cancellationToken: Token);
        using Process ffmpeg = Process.Start(
            new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", file, "-f", "framemd5", "-"]) { RedirectStandardOutput = true })!;
        string hashes = await ffmpeg.StandardOutput.ReadToEndAsync(Token);
        await ffmpeg.WaitForExitAsync(Token);
        return hashes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServeProcess host in _hosts.Values)
        {
            await host.DisposeAsync();
        }

        foreach (HostLines lines in _lines.Values)
        {
            await lines.DisposeAsync();
        }

        foreach (NatsServer server in Nats)
        {
            server.Dispose();
        }

        Postgres.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
