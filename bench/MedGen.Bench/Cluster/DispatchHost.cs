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
    private string _picture = "";

    private DispatchHost(MedGenHost host, string folder) => (_host, _folder) = (host, folder);

    private MedGenClient Client { get; set; } = null!;

    /// <summary>Starts one.</summary>
    /// <param name="servers">The servers of the cluster; null: it is alone.</param>
    /// <param name="role">What it does in a cluster.</param>
    /// <param name="first">The host whose key it signs with, too; null: its own.</param>
    public static async Task<DispatchHost> StartAsync(LocalServers? servers, ClusterRole role = ClusterRole.Both, DispatchHost? first = null)
    {
        const string Key = "host-key.pem";
        string folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        if (first is not null)
        {
            File.Copy(Path.Combine(first._folder, Key), Path.Combine(folder, Key));
        }

        MedGenHostOptions options = new()
        {
            GrpcPort = 0, HttpPort = 0, DataFolder = folder, PluginFolders = [],
            Cluster = servers is null ? new ClusterOptions() : new ClusterOptions { Servers = servers.NatsUrl, Role = role, HostName = $"{role}" },
            Storage = storage => storage.Database = servers?.Database,
        };
        DispatchHost host = new(
            MedGenHost.Build(options, builder => builder.Services.AddSingleton<IPluginCatalog>(new InstantCatalog())), folder);
        await host._host.StartAsync();
        host.Client = new MedGenClient(new MedGenClientOptions { Address = host._host.Endpoints.Grpc });
        return host;
    }

    /// <summary>Has it store the picture that the jobs are about.</summary>
    public async Task UploadAsync(string file) => _picture = (await Client.Artifacts.UploadAsync(file)).ArtifactId;

    /// <summary>Asks for a job, and follows it.</summary>
    /// <returns>Seconds until the caller hears that it runs, and that it has ended.</returns>
    public async Task<(double Running, double Ended)> JobAsync()
    {
        long start = Stopwatch.GetTimestamp();
        double running = 0;
        AnalyzeVideoRequest request = new() { Task = "instant", Inputs = { new AnalysisInput { ArtifactId = _picture } } };
        await foreach (JobEvent one in Client.Analysis.AnalyzeAsync(request))
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
        Client.Dispose();
        await _host.StopAsync();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
