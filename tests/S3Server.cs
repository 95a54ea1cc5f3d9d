using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MedGen.Tests;

/// <summary>
/// The npm package <c>s3rver</c> on a free port of loopback, a stand-in for S3: it knows parts and metadata, and who has a key, and looks
/// at no signature and no checksum. It is installed once, below <c>artifacts</c>. Tests are skipped where npm or the package cannot be had.
/// </summary>
internal sealed class S3Server : IDisposable
{
    public const string Bucket = "medgen-tests";
    private const string Version = "3.7.1";
    private static readonly Lazy<string> Package = new(Install);
    private static readonly Lazy<S3Server> Shared = new(() => Start());
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-s3-");
    private readonly int _port = FreePort();
    private Process? _process;

    private S3Server(bool withTls)
    {
        Authority = Path.Combine(_folder.FullName, "certificate.pem");
        Credentials = WriteCredentials("S3RVER");
        Endpoint = $"{(withTls ? "https" : "http")}://127.0.0.1:{_port}";
        if (withTls)
        {
            MakeCertificate();
        }
    }

    /// <summary>The server of all tests.</summary>
    public static S3Server OfAll => Shared.Value;

    public string Endpoint { get; }

    /// <summary>File with the keys that it lets in.</summary>
    public string Credentials { get; }

    /// <summary>Its certificate, which signs itself.</summary>
    public string Authority { get; }

    private string Key => Path.Combine(_folder.FullName, "key.pem");

    public static S3Server Start(bool withTls = false)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/npm"), "npm is not installed; './medgen test --long' installs it.");
        Assert.SkipUnless(File.Exists(Package.Value), $"The npm package s3rver could not be installed: {Package.Value}");
        S3Server server = new(withTls);
        try
        {
            server.Run();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A file of other keys.</summary>
    public string WriteCredentials(string secret, string key = "S3RVER")
    {
        string path = Path.Combine(_folder.FullName, $"credentials-{Guid.NewGuid():N}");
        File.WriteAllText(path, $"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n");
        return path;
    }

    /// <summary>Where it keeps an object.</summary>
    public string FileOf(string key) => Path.Combine(_folder.FullName, "data", Bucket, key + "._S3rver_object");

    /// <summary>Ends the server of all tests, where one of them had asked for it.</summary>
    public static void StopShared()
    {
        if (Shared.IsValueCreated)
        {
            Shared.Value.Dispose();
        }
    }

    public void Run()
    {
        string[] tls = Endpoint.StartsWith("https", StringComparison.Ordinal) ? ["--key", Key, "--cert", Authority] : [];
        ProcessStartInfo start = new(
            "node", [Package.Value, "-d", Path.Combine(_folder.FullName, "data"), "-a", "127.0.0.1", "-p", $"{_port}", "-s", "--configure-bucket", Bucket, .. tls])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        for (int i = 0; i < 1200; i++)
        {
            using TcpClient client = new();
            try
            {
                client.Connect(IPAddress.Loopback, _port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                Thread.Sleep(50);
            }
        }

        throw new InvalidOperationException("s3rver did not start.");
    }

    public void Kill()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
            _process = null;
        }
    }

    public void Dispose()
    {
        Kill();
        _folder.Delete(recursive: true);
    }

    private static string Install()
    {
        string folder = RepositoryRoot.Path("artifacts", "npm", $"s3rver-{Version}");
        string program = Path.Combine(folder, "node_modules", "s3rver", "bin", "s3rver.js");
        if (File.Exists(program))
        {
            return program;
        }

        Directory.CreateDirectory(folder);
        using Process npm = Process.Start(
            new ProcessStartInfo("npm", ["install", $"s3rver@{Version}", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"])
            {
                RedirectStandardError = true,
            })!;
        string log = npm.StandardError.ReadToEnd();
        npm.WaitForExit();
        return npm.ExitCode == 0 ? program : log;
    }

    private void MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=s3", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Authority, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
