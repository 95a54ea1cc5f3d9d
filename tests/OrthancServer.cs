using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace MedGen.Tests;

/// <summary>Debian's Orthanc with its DICOMweb plugin, on free ports, in a folder of its own; ends with the test.</summary>
internal sealed class OrthancServer : IDisposable
{
    private const string Program = "/usr/sbin/Orthanc";
    private const string Plugins = "/usr/share/orthanc/plugins";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-orthanc-").FullName;
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    private OrthancServer(int httpPort, int dicomPort) => (HttpPort, DicomPort) = (httpPort, dicomPort);

    public int HttpPort { get; }

    public int DicomPort { get; }

    public Uri DicomWeb => new($"http://127.0.0.1:{HttpPort}/dicom-web/");

    /// <summary>Whether there is one here; without, the test is skipped.</summary>
    public static bool IsInstalled => File.Exists(Program) && File.Exists(Path.Combine(Plugins, "libOrthancDicomWeb.so"));

    /// <summary>Starts one.</summary>
    /// <param name="settings">Further settings, by name.</param>
    public static async Task<OrthancServer> StartAsync(IReadOnlyDictionary<string, object>? settings = null)
    {
        Assert.SkipUnless(IsInstalled, "Orthanc is not installed (apt-get install orthanc orthanc-dicomweb).");
        OrthancServer server = new(FreePort(), FreePort());
        Dictionary<string, object> all = new(settings ?? new Dictionary<string, object>())
        {
            ["Name"] = "ARCHIVE",
            ["StorageDirectory"] = Path.Combine(server._folder, "db"),
            ["IndexDirectory"] = Path.Combine(server._folder, "db"),
            ["HttpPort"] = server.HttpPort,
            ["DicomPort"] = server.DicomPort,
            ["DicomAet"] = "ARCHIVE",
            ["RemoteAccessAllowed"] = false,
            ["AuthenticationEnabled"] = false,
            ["DicomAlwaysAllowStore"] = true,
            ["Plugins"] = new[] { Path.Combine(Plugins, "libOrthancDicomWeb.so") },
        };
        all.TryAdd("DicomWeb", new Dictionary<string, object> { ["Enable"] = true, ["Root"] = "/dicom-web/" });
        await File.WriteAllTextAsync(Path.Combine(server._folder, "orthanc.json"), JsonSerializer.Serialize(all), TestContext.Current.CancellationToken);
        await server.StartProcessAsync();
        return server;
    }

    /// <summary>Starts it again after <see cref="Kill"/>.</summary>
    public async Task StartProcessAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, [Path.Combine(_folder, "orthanc.json")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using PeriodicTimer ask = new(TimeSpan.FromMilliseconds(200));
        do
        {
            _process.HasExited.ShouldBeFalse("Orthanc ended while it started");
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri(DicomWeb, "studies?limit=1"), TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not up yet.
            }
        }
        while (await ask.WaitForNextTickAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public void Kill()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            running.WaitForExit();
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Asks its own interface.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        string json = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{HttpPort}/{path}"), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(json).RootElement;
    }

    /// <summary>Tells its own interface something.</summary>
    public async Task<string> PostAsync(string path, string content)
    {
        using StringContent body = new(content);
        using HttpResponseMessage answer = await _http.PostAsync(new Uri($"http://127.0.0.1:{HttpPort}/{path}"), body, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{text}\n{string.Join('\n', _log.TakeLast(20))}");
        return text;
    }

    /// <summary>Deletes something.</summary>
    public async Task DeleteAsync(string path) =>
        (await _http.DeleteAsync(new Uri($"http://127.0.0.1:{HttpPort}/{path}"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    public void Dispose()
    {
        Kill();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
