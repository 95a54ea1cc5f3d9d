using MedGen.Tests;

namespace MedGen.Bench.Cluster;

/// <summary>The servers of a cluster on loopback, those of the tests; PostgreSQL writes to the disk as in earnest.</summary>
internal sealed class LocalServers : IDisposable
{
    public LocalServers(int natsServers = 1)
    {
        Nats = natsServers == 1 ? [NatsServer.StartOwn()] : NatsServer.StartCluster(natsServers);
        Postgres = PostgresServer.StartOwn(isDurable: true);
        Database = Postgres.CreateDatabase();
    }

    public NatsServer[] Nats { get; }

    public PostgresServer Postgres { get; }

    public string NatsUrls => string.Join(',', Nats.Select(server => server.Url));

    public string Database { get; }

    public void Dispose()
    {
        foreach (NatsServer server in Nats)
        {
            server.Dispose();
        }

        Postgres.Dispose();
    }
}
