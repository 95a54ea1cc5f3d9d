using MedGen.Cli.Commands;
using MedGen.Client;
using MedGen.Datasets.Adapters;
using MedGen.Host;
using MedGen.Training.Adapters;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Connections;

/// <summary>A client and, where no running host was named, a host of its own in this process on free loopback ports.</summary>
internal sealed class HostConnection : IAsyncDisposable
{
    private readonly MedGenHost? _host;
    private readonly TemporaryFolder? _temporaryFolder;

    private HostConnection(MedGenClient client, MedGenHost? host, TemporaryFolder? temporaryFolder)
    {
        Client = client;
        _host = host;
        _temporaryFolder = temporaryFolder;
    }

    public MedGenClient Client { get; }

    public static HostConnection To(MedGenClientOptions options) => new(new MedGenClient(options), null, null);

    /// <summary>Starts a host; without a data folder it gets one that is removed when the connection is disposed.</summary>
    public static async Task<HostConnection> StartAsync(
        string? dataFolder,
        bool isReadOnly,
        IReadOnlyList<string> plugins,
        string model,
        string adapters,
        string device,
        string dataType,
        DatasetWork? datasets,
        CancellationToken cancellationToken)
    {
        TemporaryFolder? temporary = dataFolder is null ? TemporaryFolder.Create() : null;
        MedGenHost? host = null;
        try
        {
            MedGenHostOptions options = new()
            {
                GrpcPort = 0,
                HttpPort = 0,
                DataFolder = dataFolder ?? Path.Combine(temporary!.Path, "data"),
                ReadOnly = isReadOnly,
                PluginFolders = plugins,
                DatasetFolders = datasets?.Folders ?? [],
                FollowDatasetLinks = true,
                ModelFolder = model,
                AdapterFolders = [.. datasets?.AdapterFolders ?? [], adapters],
                Device = device,
                DataType = dataType,
            };
            host = MedGenHost.Build(PluginWorkerCommand.Lend(options), builder =>
            {
                if (datasets is not null)
                {
                    builder.Services.AddSingleton<IAdapterTrainer>(new LoraAdapterTrainer(model, device, dataType));
                }
            });
            await host.StartAsync(cancellationToken);
            return new HostConnection(new MedGenClient(new MedGenClientOptions { Address = host.Endpoints.Grpc }), host, temporary);
        }
        catch
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }

            temporary?.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_host is not null)
        {
            await _host.StopAsync();
            await _host.DisposeAsync();
        }

        _temporaryFolder?.Dispose();
    }
}
