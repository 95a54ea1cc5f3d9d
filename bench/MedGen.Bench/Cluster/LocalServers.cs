using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MedGen.Bench.Cluster;

/// <summary>A PostgreSQL and a NATS server of Debian's packages on loopback, in a temporary folder, ended with it.</summary>
internal sealed class LocalServers : IDisposable
{
    private const string Nats = "/usr/sbin/nats-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-bench-cluster-").FullName;
    private readonly string _programs;
    private readonly int _postgresPort = FreePort();
    private readonly Process _nats;

    public LocalServers()
    {
        _programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).Last()
            : throw new InvalidOperationException("PostgreSQL's server is not installed (Debian: postgresql).");
        int port = FreePort();
        _nats = Process.Start(new ProcessStartInfo(
            Nats, ["-js", "-sd", Path.Combine(_folder, "nats"), "-a", "127.0.0.1", "-p", $"{port}", "-l", Path.Combine(_folder, "nats.log")]))!;
        NatsUrl = $"nats://127.0.0.1:{port}";
        if (Environment.UserName == "root")
        {
            Run("chown", "postgres", _folder);
        }

        AsUser("initdb", "-D", Data, "-U", "medgen", "-A", "trust", "-E", "UTF8");
        AsUser("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"),
            "-o", $"-p {_postgresPort} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder}", "start");
        AsUser("createdb", "-h", "127.0.0.1", "-p", $"{_postgresPort}", "-U", "medgen", "medgen");
    }

    public string NatsUrl { get; }

    public string Database => $"Host=127.0.0.1;Port={_postgresPort};Database=medgen;Username=medgen";

    private string Data => Path.Combine(_folder, "postgres");

    public void Dispose()
    {
        _nats.Kill();
        _nats.WaitForExit();
        _nats.Dispose();
        AsUser("pg_ctl", "-D", Data, "-m", "fast", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // PostgreSQL refuses to run as root.
    private void AsUser(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
        if (Environment.UserName == "root")
        {
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments])
        {
            WorkingDirectory = "/",
        })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with exit code {process.ExitCode}.");
        }
    }
}
