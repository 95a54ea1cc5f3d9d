using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MedGen.Tests;

/// <summary>
/// A line to a server on loopback, over which bytes pass both ways: it can be cut, so that both ends learn of it; parted, so that neither does, as by a
/// cable that was pulled, and what was under way arrives when it is mended; and slow.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<(Socket Client, Socket Host)> _lines = [];
    private readonly ConcurrentBag<Task> _copies = [];
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private readonly Task _accepting;

    // Completed while bytes pass.
    private volatile TaskCompletionSource _passing = new();

    public TcpRelay(int port)
    {
        _port = port;
        _passing.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Lines { get; private set; }

    /// <summary>What each piece of at most 16 KiB waits before it goes on, each way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Nothing passes any more, and nobody is told; connections to come wait, too.</summary>
    public void Part()
    {
        if (_passing.Task.IsCompleted)
        {
            _passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends <see cref="Part"/>.</summary>
    public void Mend() => _passing.TrySetResult();

    /// <summary>Ends all connections at once, those to come are taken again.</summary>
    /// <param name="hard">As a crash does (reset); otherwise as an orderly middleman does (both sides are closed).</param>
    public void Cut(bool hard)
    {
        while (_lines.TryTake(out (Socket Client, Socket Host) line))
        {
            Close(line.Client, hard);
            Close(line.Host, hard);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _end.CancelAsync();
        Mend();
        Cut(hard: true);
        await _accepting;
        await Task.WhenAll(_copies);
        Cut(hard: true);
        _end.Dispose();
    }

    private static void Close(Socket socket, bool hard)
    {
        try
        {
            socket.LingerState = new LingerOption(hard, 0);
            socket.Close();
        }
        catch (ObjectDisposedException)
        {
            // It was before.
        }
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

            _copies.Add(ConnectAsync(client));
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        Socket host = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await _passing.Task;
            await host.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
            Lines++;
            _lines.Add((client, host));
            await Task.WhenAll(CopyAsync(client, host), CopyAsync(host, client));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Nobody is there.
            Close(client, hard: true);
            host.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, CancellationToken.None) is > 0 and int length)
            {
                await Task.Delay(Delay, _end.Token);
                await _passing.Task;
                await to.SendAsync(buffer.AsMemory(0, length), CancellationToken.None);
            }

            await _passing.Task;
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone: the other one learns of it.
            Close(from, hard: true);
            Close(to, hard: true);
        }
    }
}
