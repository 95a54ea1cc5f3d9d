using System.Diagnostics.Metrics;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Host.Health;
using MedGen.Runtime.Health;
using MedGen.Sdk.Serving;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.Telemetry;

/// <summary>What is looked at rather than counted: the queue, the disk, the device.</summary>
internal sealed class HostMetrics : BackgroundService
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "MedGen.Host";

    private const int PageSize = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IJobStore _jobs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile IReadOnlyList<(ServicePriority Priority, DateTimeOffset CreatedAt)> _queued = [];

    public HostMetrics(
        IMeterFactory meters, IJobStore jobs, IStoreState store, IDeviceActivity device, Readiness readiness, TimeProvider time,
        ILogger<HostMetrics> logger)
    {
        (_jobs, _time, _logger) = (jobs, time, logger);
        Meter meter = meters.Create(Name);
        meter.CreateObservableGauge(
            "medgen.ready", () => readiness.Status == HealthStatus.Unhealthy ? 0 : 1, null, "1 while the host is ready, else 0.");
        meter.CreateObservableGauge("medgen.job.queued", () => ByPriority(waiting => waiting.Count()), "{job}", "Jobs that wait, by priority.");
        meter.CreateObservableGauge(
            "medgen.job.oldest_wait", () => ByPriority(waiting => waiting.Select(AgeOf).DefaultIfEmpty().Max()), "s",
            "Time that the oldest waiting job has waited, by priority.");
        meter.CreateObservableGauge("medgen.disk.free", () => store.Read().FreeBytes, "By", "Bytes that are free on the disk of the data folder.");
        meter.CreateObservableCounter(
            "medgen.device.busy", () => (device.Worked + (device.Busy ?? TimeSpan.Zero)).TotalSeconds, "s",
            "Time that the device has worked; its rate is the share of time in which the device is busy.");
        meter.CreateObservableGauge(
            "medgen.device.step_age", () => (device.Busy ?? TimeSpan.Zero).TotalSeconds, "s", "Time that the running piece of device work has run.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, _time);
        do
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // A store that fails is the readiness check's to tell; metrics end no host.
                _logger.QueueNotSeen(error.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task LookAsync(CancellationToken stop)
    {
        List<(ServicePriority, DateTimeOffset)> queued = [];
        string? page = null;
        do
        {
            JobPage jobs = await _jobs.ListAsync(new JobQuery { State = JobState.Queued, PageSize = PageSize, PageToken = page }, stop)
                .ConfigureAwait(false);
            queued.AddRange(jobs.Jobs.Select(job => (job.Priority, job.CreatedAt)));
            page = jobs.NextPageToken;
        }
        while (page is not null);
        _queued = queued;
    }

    private double AgeOf(DateTimeOffset createdAt) => (_time.GetUtcNow() - createdAt).TotalSeconds;

    private IEnumerable<Measurement<double>> ByPriority(Func<IEnumerable<DateTimeOffset>, double> figure) => Enum.GetValues<ServicePriority>().Select(
        priority => new Measurement<double>(
            figure(_queued.Where(job => job.Priority == priority).Select(job => job.CreatedAt)),
            new KeyValuePair<string, object?>("priority", priority.ToString().ToLowerInvariant())));
}
