using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MedGen.Host.Limits;

/// <summary>
/// Guards the ports before anybody speaks: an address holds so many connections and no more, and a connection that stays silent is closed.
/// </summary>
internal sealed class ConnectionLimits(MedGenCallLimits limits, TimeProvider time, ILogger<ConnectionLimits> logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private DateTimeOffset _logged;
    private long _refused;

    /// <summary>Serves a connection if its address may have one more.</summary>
    public async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        string network = CallLimiters.Network((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryOpen(network))
        {
            connection.Abort(new ConnectionAbortedException("The address has as many connections as are allowed."));
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Close(network);
        }
    }

    /// <summary>Serves a connection when its first byte comes in time.</summary>
    public async Task RequireFirstByteAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using (CancellationTokenSource late = new(limits.FirstByteTimeout, time))
        {
            try
            {
                ReadResult first = await connection.Transport.Input.ReadAsync(late.Token).ConfigureAwait(false);

                // Nothing is taken and nothing seen: whoever reads next gets it at once.
                connection.Transport.Input.AdvanceTo(first.Buffer.Start, first.Buffer.Start);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested)
            {
                connection.Abort(new ConnectionAbortedException("The connection stayed silent."));
                return;
            }
            catch (IOException)
            {
                // It went away without a word.
                return;
            }
        }

        await next(connection).ConfigureAwait(false);
    }

    private bool TryOpen(string network)
    {
        lock (_lock)
        {
            int open = _open.GetValueOrDefault(network);
            if (open < limits.ConnectionsPerAddress)
            {
                _open[network] = open + 1;
                return true;
            }

            _refused++;
            DateTimeOffset now = time.GetUtcNow();
            if (now - _logged >= LogInterval)
            {
                _logged = now;
                logger.ConnectionsRefused(_refused);
            }

            return false;
        }
    }

    private void Close(string network)
    {
        lock (_lock)
        {
            if (--_open[network] == 0)
            {
                _open.Remove(network);
            }
        }
    }
}
