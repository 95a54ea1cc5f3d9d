using MedGen.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Databases;

/// <summary>What a host of a cluster stores to: a PostgreSQL database that others use, too, and files at a NATS server.</summary>
internal sealed class ClusterTestDatabase(string connectionString, string passwordFile, string url) : PostgresTestDatabase(connectionString, passwordFile)
{
    private readonly string _host = Guid.NewGuid().ToString("N");

    /// <summary>A new, empty cluster; the test is skipped where one of the servers is not installed.</summary>
    public static new ClusterTestDatabase New() =>
        new(PostgresServer.OfAll.CreateDatabase(), PostgresServer.OfAll.PasswordFile, NatsServer.OfAll.Url);

    /// <summary>Another host of the same cluster.</summary>
    public ClusterTestDatabase Other()
    {
        MedGenStorageOptions options = new();
        Configure(options);
        return new(options.Database!, options.DatabasePasswordFile!, url);
    }

    public override void Configure(MedGenStorageOptions options)
    {
        base.Configure(options);
        options.ClusterHost = _host;
    }

    public override void Add(IServiceCollection services) => services.AddMedGenCluster(new ClusterOptions { Servers = url }, _host);
}
