using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace MedGen.Host.Tests.Telemetry;

/// <summary>Debian's Prometheus with the repository's configuration, asked to scrape a host every second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly HttpClient _http;

    private PrometheusServer(DirectoryInfo folder, Process process, int port)
    {
        (_folder, _process) = (folder, process);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Whether the programs are installed; <c>./medgen test --long</c> installs them.</summary>
    public static bool IsInstalled => File.Exists("/usr/bin/prometheus") && File.Exists("/usr/bin/promtool");

    public static PrometheusServer Start(Uri operators)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("medgen-prometheus-");
        string configuration = File.ReadAllText(RepositoryRoot.Path("deploy", "prometheus", "prometheus.yml"))
            .Replace("scrape_interval: 15s", "scrape_interval: 1s\n  evaluation_interval: 1s", StringComparison.Ordinal)
            .Replace("medgen:8472", operators.Authority, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.FullName, "prometheus.yml"), configuration);
        File.Copy(RepositoryRoot.Path("deploy", "prometheus", "rules.yml"), Path.Combine(folder.FullName, "rules.yml"));
        int port = FreePort();
        ProcessStartInfo start = new(
            "/usr/bin/prometheus",
            [
                $"--config.file={folder.FullName}/prometheus.yml", $"--storage.tsdb.path={folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ]);
        return new PrometheusServer(folder, Process.Start(start)!, port);
    }

    /// <summary>Asks until an answer satisfies.</summary>
    /// <param name="path">Path and query below <c>/api/v1/</c>.</param>
    /// <param name="isGood">Looks at <c>data</c> of the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WaitForAsync(string path, Func<JsonElement, bool> isGood, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync("/api/v1/" + path, cancellationToken));
                if (isGood(answer.RootElement.GetProperty("data")))
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                _process.HasExited.ShouldBeFalse();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
