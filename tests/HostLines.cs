namespace MedGen.Tests;

/// <summary>The lines of one host to the servers of its cluster.</summary>
internal sealed class HostLines(PostgresServer postgres, NatsServer[] nats) : IAsyncDisposable
{
    public TcpRelay Postgres { get; } = new(postgres.Port);

    public TcpRelay[] Nats { get; } = [.. nats.Select(server => new TcpRelay(server.Port))];

    public string Servers => string.Join(',', Nats.Select(line => $"nats://127.0.0.1:{line.Port}"));

    private IEnumerable<TcpRelay> All => [Postgres, .. Nats];

    public string Through(string database) => database.Replace($"Port={postgres.Port};", $"Port={Postgres.Port};", StringComparison.Ordinal);

    /// <summary>Parts the host from NATS, from PostgreSQL or from both.</summary>
    public void Part(bool nats, bool postgres)
    {
        foreach (TcpRelay line in All.Where(line => line == Postgres ? postgres : nats))
        {
            line.Part();
        }
    }

    /// <summary>Everything passes again.</summary>
    public void Mend()
    {
        foreach (TcpRelay line in All)
        {
            line.Mend();
        }
    }

    /// <summary>What each piece waits, each way.</summary>
    public void Slow(TimeSpan delay)
    {
        foreach (TcpRelay line in All)
        {
            line.Delay = delay;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TcpRelay line in All)
        {
            await line.DisposeAsync();
        }
    }
}
