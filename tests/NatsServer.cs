using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MedGen.Tests;

/// <summary>
/// Debian's <c>nats-server</c> with JetStream on a free port of loopback, in a folder of its own: one for all tests, or one of a test's own, which may
/// be one of several that form a cluster. Tests are skipped where it is not installed.
/// </summary>
internal sealed class NatsServer : IDisposable
{
    private const string Program = "/usr/sbin/nats-server";

    private static readonly Lazy<NatsServer?> Shared = new(() => File.Exists(Program) ? Started([]) : null);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-nats-");
    private readonly string[] _arguments;
    private readonly string? _workingFolder;
    private Process? _process;

    private NatsServer(int port, string[] arguments, string? workingFolder = null) =>
        (Port, _arguments, _workingFolder) = (port, arguments, workingFolder);

    public int Port { get; }

    public string Url => $"nats://127.0.0.1:{Port}";

    /// <summary>The server of all tests.</summary>
    public static NatsServer OfAll => Required(Shared.Value);

    /// <summary>A server of the test's own.</summary>
    /// <param name="arguments">More of the command line.</param>
    public static NatsServer StartOwn(params string[] arguments) => Required(File.Exists(Program) ? Started(arguments) : null);

    /// <summary>A server of the test's own that runs in a folder, for the files that its configuration names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="arguments">More of the command line.</param>
    public static NatsServer StartIn(string folder, params string[] arguments) =>
        Required(File.Exists(Program) ? Started(arguments, folder) : null);

    /// <summary>Servers that form one cluster, whose clients use those that they know.</summary>
    public static NatsServer[] StartCluster(int count)
    {
        Assert.SkipUnless(File.Exists(Program), Missing);
        int[] ports = [.. FreePorts(2 * count)];
        string routes = string.Join(',', ports[count..].Select(port => $"nats://127.0.0.1:{port}"));
        NatsServer[] servers =
        [
            .. Enumerable.Range(0, count).Select(i => new NatsServer(
                ports[i], ["-n", $"s{i}", "--cluster_name", "tests", "--cluster", $"nats://127.0.0.1:{ports[count + i]}", "--routes", routes, "--no_advertise"])),
        ];
        foreach (NatsServer server in servers)
        {
            server.Start();
        }

        return servers;
    }

    /// <summary>Ends the server of all tests, where one of them had asked for it.</summary>
    public static void StopShared()
    {
        if (Shared.IsValueCreated)
        {
            Shared.Value?.Dispose();
        }
    }

    public void Start()
    {
        _process = Process.Start(new ProcessStartInfo(
            "/bin/sh",
            [
                "-c", "exec \"$@\" >>\"$0\" 2>&1", Path.Combine(_folder.FullName, "log"), Program, "-js", "-sd", Path.Combine(_folder.FullName, "data"),
                "-a", "127.0.0.1", "-p", $"{Port}", .. _arguments,
            ])
        {
            WorkingDirectory = _workingFolder ?? _folder.FullName,
        })!;
        for (int i = 0; i < 200; i++)
        {
            using TcpClient client = new();
            try
            {
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                Thread.Sleep(50);
            }
        }

        throw new InvalidOperationException("nats-server did not start: " + File.ReadAllText(Path.Combine(_folder.FullName, "log")));
    }

    /// <summary>Ends it as the kernel does: SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Delete(recursive: true);
    }

    private const string Missing = "nats-server is not installed; './medgen test --long' installs it.";

    private static NatsServer Required(NatsServer? server)
    {
        Assert.SkipUnless(server is not null, Missing);
        return server;
    }

    private static NatsServer Started(string[] arguments, string? workingFolder = null)
    {
        NatsServer server = new(FreePorts(1).Single(), arguments, workingFolder);
        server.Start();
        return server;
    }

    private static List<int> FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        List<int> ports = [];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
            ports.Add(((IPEndPoint)listener.LocalEndpoint).Port);
        }

        foreach (TcpListener listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
