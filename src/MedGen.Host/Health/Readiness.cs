using System.Globalization;
using System.Text;
using MedGen.Runtime.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.Health;

/// <summary>
/// The last result of the health checks, which run in the background: whoever asks is answered at once, however busy the host is. A result that is
/// too old says that a check hangs.
/// </summary>
internal sealed class Readiness(IDeviceActivity device, TimeProvider time, ILogger<Readiness> logger) : IHealthCheckPublisher
{
    /// <summary>Time between two runs of the checks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30);

    private volatile Result? _last;

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        if (_last?.Report.Status != report.Status)
        {
            Tell(report);
        }

        _last = new Result(report, time.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <summary>
    /// Whether requests are served; unhealthy also when the checks have given no result for some time, and as soon as the device has failed.
    /// </summary>
    public HealthStatus Status => !device.HasFailed && _last is { } last && time.GetElapsedTime(last.At) <= Stale
        ? last.Report.Status
        : HealthStatus.Unhealthy;

    /// <summary>Answers a probe: 200 when requests are served, 503 when not.</summary>
    public Task AnswerAsync(HttpContext http, bool withChecks)
    {
        HealthStatus status = Status;
        StringBuilder text = new(status.ToString());
        if (withChecks && _last is { } last)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nchecked {time.GetElapsedTime(last.At).TotalSeconds:0} s ago");
            foreach ((string name, HealthReportEntry entry) in last.Report.Entries)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{name}: {entry.Status} {entry.Description}");
            }
        }

        http.Response.StatusCode = status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.ContentType = "text/plain";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private void Tell(HealthReport report)
    {
        if (report.Status == HealthStatus.Healthy)
        {
            logger.Ready();
        }
        else
        {
            string[] failed =
                [.. report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).Select(entry => $"{entry.Key} {entry.Value.Status}")];
            logger.NotReady(report.Status, string.Join(", ", failed));
        }
    }

    private sealed record Result(HealthReport Report, long At);
}
