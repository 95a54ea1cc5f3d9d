using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MedGen.Host.Tests;

/// <summary>A line between a client and a host that can be cut: bytes pass both ways over loopback until then.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<(Socket Client, Socket Host)> _lines = [];
    private readonly List<Task> _copies = [];
    private readonly Uri _host;
    private readonly Task _accepting;

    public TcpRelay(Uri host)
    {
        _host = host;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new UriBuilder(_host) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>Connections so far.</summary>
    public int Lines { get; private set; }

    /// <summary>Ends all connections at once, those to come are taken again.</summary>
    /// <param name="hard">As a pulled cable or a crash does (reset); otherwise as an orderly middleman does (both sides are closed).</param>
    public void Cut(bool hard)
    {
        while (_lines.TryTake(out (Socket Client, Socket Host) line))
        {
            (Socket client, Socket host) = line;
            client.LingerState = new LingerOption(hard, 0);
            host.LingerState = new LingerOption(hard, 0);
            client.Close();
            host.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut(hard: true);
        await _accepting;
        await Task.WhenAll(_copies);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(CancellationToken.None);
            }
            catch (SocketException)
            {
                // Stopped.
                return;
            }

            Socket host = new(SocketType.Stream, ProtocolType.Tcp);
            await host.ConnectAsync(IPAddress.Loopback, _host.Port, CancellationToken.None);
            Lines++;
            _lines.Add((client, host));
            _copies.AddRange([CopyAsync(client, host), CopyAsync(host, client)]);
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, CancellationToken.None) is > 0 and int length)
            {
                await to.SendAsync(buffer.AsMemory(0, length), CancellationToken.None);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
