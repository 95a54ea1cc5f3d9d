using System.Diagnostics;
using MedGen.Application.Plugins;
using MedGen.Bench.Serving;
using MedGen.Client;
using MedGen.Cluster;
using MedGen.Host;
using MedGen.Protos.V1;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Bench.Cluster;

/// <summary>A host whose one analyzer answers at once, alone or of a cluster.</summary>
internal sealed class DispatchHost : IAsyncDisposable
{
    private readonly MedGenHost _host;
    private readonly string _folder;
    private readonly Dictionary<string, (MedGenClient Client, string Picture)> _callers = [];

    private DispatchHost(MedGenHost host, string folder) => (_host, _folder) = (host, folder);

    /// <summary>Starts one.</summary>
    /// <param name="servers">The servers of the cluster; null: it is alone.</param>
    /// <param name="role">What it does in a cluster.</param>
    /// <param name="first">The host whose key it signs with, too; null: its own.</param>
    /// <param name="work">How long its analyzer takes; null: nothing.</param>
    /// <param name="atOnce">Jobs that it runs at the same time.</param>
    /// <param name="tokenFile">Callers that it knows; null: everybody is the same.</param>
    public static async Task<DispatchHost> StartAsync(
        LocalServers? servers, ClusterRole role = ClusterRole.Both, DispatchHost? first = null, TimeSpan? work = null, int atOnce = 8,
        string? tokenFile = null)
    {
        const string Key = "host-key.pem";
        string folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        if (first is not null)
        {
            File.Copy(Path.Combine(first._folder, Key), Path.Combine(folder, Key));
        }

        MedGenHostOptions options = new()
        {
            GrpcPort = 0, HttpPort = 0, DataFolder = folder, PluginFolders = [], MaxConcurrentJobs = atOnce, TokenFile = tokenFile, MaxQueuedJobs = 1000,
            Jobs = jobs => jobs.MaxQueuedJobsPerCaller = 1000,
            Cluster = servers is null ? new ClusterOptions() : new ClusterOptions { Servers = servers.NatsUrls, Role = role, HostName = $"{role}" },
            Storage = storage => (storage.Database, storage.DatabasePasswordFile) = (servers?.Database, servers?.Postgres.PasswordFile),
        };
        DispatchHost host = new(
            MedGenHost.Build(options, builder => builder.Services.AddSingleton<IPluginCatalog>(new InstantCatalog(work))), folder);
        await host._host.StartAsync();
        return host;
    }

    /// <summary>Has it store the picture that a caller's jobs are about.</summary>
    /// <param name="file">The picture.</param>
    /// <param name="token">The caller's; empty: nobody in particular.</param>
    public async Task UploadAsync(string file, string token = "")
    {
        MedGenClient client = new(new MedGenClientOptions { Address = _host.Endpoints.Grpc, Token = token.Length == 0 ? null : token });
        _callers[token] = (client, (await client.Artifacts.UploadAsync(file)).ArtifactId);
    }

    /// <summary>Asks for a job, and follows it.</summary>
    /// <param name="token">The caller's, who has uploaded a picture.</param>
    /// <returns>Seconds until the caller hears that it runs, and that it has ended.</returns>
    public async Task<(double Running, double Ended)> JobAsync(string token = "")
    {
        (MedGenClient client, string picture) = _callers[token];
        long start = Stopwatch.GetTimestamp();
        double running = 0;
        AnalyzeVideoRequest request = new() { Task = "instant", Inputs = { new AnalysisInput { ArtifactId = picture } } };
        await foreach (JobEvent one in client.Analysis.AnalyzeAsync(request))
        {
            if (one.State?.State == JobState.Running)
            {
                running = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return (running, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((MedGenClient client, _) in _callers.Values)
        {
            client.Dispose();
        }

        await _host.StopAsync();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
