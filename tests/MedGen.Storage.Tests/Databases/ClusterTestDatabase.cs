using MedGen.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Databases;

/// <summary>What a host of a cluster stores to: a PostgreSQL database that others use, too, and files at a NATS server.</summary>
internal sealed class ClusterTestDatabase(string connectionString, string passwordFile, ClusterOptions options) : PostgresTestDatabase(connectionString, passwordFile)
{
    private readonly string _host = Guid.NewGuid().ToString("N");

    /// <summary>A new, empty cluster; the test is skipped where one of the servers is not installed.</summary>
    /// <param name="files">Where its files are; null: at the NATS server.</param>
    public static ClusterTestDatabase New(S3Server? files = null) => new(
        PostgresServer.OfAll.CreateDatabase(),
        PostgresServer.OfAll.PasswordFile,
        new ClusterOptions
        {
            Servers = NatsServer.OfAll.Url,
            Files = files is null ? null : $"s3://{S3Server.Bucket}/{Guid.NewGuid():N}",
            FilesEndpoint = files?.Endpoint,
            FilesCredentialsFile = files?.Credentials,
        });

    /// <summary>Another host of the same cluster.</summary>
    /// <param name="change">What is other about it.</param>
    public ClusterTestDatabase Other(Func<ClusterOptions, ClusterOptions>? change = null)
    {
        MedGenStorageOptions storage = new();
        Configure(storage);
        return new(storage.Database!, storage.DatabasePasswordFile!, change?.Invoke(options) ?? options);
    }

    public override void Configure(MedGenStorageOptions storage)
    {
        base.Configure(storage);
        storage.ClusterHost = _host;
    }

    public override void Add(IServiceCollection services) => services.AddMedGenCluster(options, _host);
}
