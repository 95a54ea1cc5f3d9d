using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MedGen.Tests;

/// <summary>
/// Debian's PostgreSQL server on a free port of loopback, in a folder of its own: one for all tests, which starts when the first asks for it and stops
/// with the tests, or one of a test's own. Root gives it to the user <c>postgres</c>, since the server refuses to run as root.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Password = "of the tests";

    private static readonly Lazy<PostgresServer?> Shared = new(() => Make(isDurable: false));

    private static int _databases;

    private readonly string _programs;
    private readonly string _folder;

    private readonly bool _isDurable;

    private PostgresServer(string programs, string folder, bool isDurable) => (_programs, _folder, _isDurable) = (programs, folder, isDurable);

    public int Port { get; } = FreePort();

    private string Data => Path.Combine(_folder, "data");

    /// <summary>File with the password of the user <c>medgen</c>.</summary>
    public string PasswordFile => Path.Combine(_folder, "password");

    /// <summary>The server of all tests; the test is skipped where it is not installed.</summary>
    public static PostgresServer OfAll => Require(Shared.Value);

    /// <summary>Ends the server of all tests, where one of them had asked for it.</summary>
    public static void StopShared()
    {
        if (Shared.IsValueCreated)
        {
            Shared.Value?.Dispose();
        }
    }

    /// <summary>A server of a test's own, which it may stop; the test is skipped where the server is not installed.</summary>
    /// <param name="isDurable">Whether what is written reaches the disk, as in earnest.</param>
    public static PostgresServer StartOwn(bool isDurable = false) => Require(Make(isDurable));

    /// <summary>Makes a new, empty database.</summary>
    /// <returns>How to connect to it, without the password.</returns>
    public string CreateDatabase()
    {
        string name = $"medgen{Interlocked.Increment(ref _databases)}";
        using NpgsqlConnection connection = new(ConnectionString("postgres") + $";Password={Password}");
        connection.Open();
        using NpgsqlCommand command = new($"CREATE DATABASE {name}", connection);
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username=medgen";

    public void Start() => RunAsUser(
        Path.Combine(_programs, "pg_ctl"), "-D", Data, "-w", "-l", Path.Combine(_folder, "log"),
        "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c fsync={(_isDurable ? "on" : "off")} -c max_connections=400", "start");

    /// <summary>Stops it as a power cut does.</summary>
    public void Stop() => RunAsUser(Path.Combine(_programs, "pg_ctl"), "-D", Data, "-m", "immediate", "stop");

    /// <summary>Ends it and all its processes by SIGKILL.</summary>
    public void Kill()
    {
        using Process server = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture));
        server.Kill(entireProcessTree: true);
        server.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static PostgresServer Require(PostgresServer? server)
    {
        Assert.SkipUnless(server is not null, "PostgreSQL's server is not installed; './medgen test --long' installs it.");
        return server;
    }

    private static PostgresServer? Make(bool isDurable)
    {
        if (FindPrograms() is not { } programs)
        {
            return null;
        }

        PostgresServer server = new(programs, Directory.CreateTempSubdirectory("medgen-postgres-").FullName, isDurable);
        File.WriteAllText(server.PasswordFile, Password + "\n");
        if (Environment.UserName == "root")
        {
            Run("chown", "-R", "postgres", server._folder);
        }

        RunAsUser(
            Path.Combine(programs, "initdb"), "-D", server.Data, "-U", "medgen", "-A", "scram-sha-256", $"--pwfile={server.PasswordFile}", "-E", "UTF8",
            "-N");
        server.Start();
        return server;
    }

    // Debian keeps them apart by version and puts none of them on the path.
    private static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void RunAsUser(string program, params string[] arguments)
    {
        if (Environment.UserName == "root")
        {
            Run("runuser", ["-u", "postgres", "--", program, .. arguments]);
        }
        else
        {
            Run(program, arguments);
        }
    }

    // Its output is not read to the end: the server would keep it open.
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
