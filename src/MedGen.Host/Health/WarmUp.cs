using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.Health;

/// <summary>
/// Runs every health check once before the ports open: it touches the database, the device and the media programs, so the first caller does not
/// wait for them, and the first probe finds an answer.
/// </summary>
internal sealed class WarmUp(HealthCheckService checks, IEnumerable<IHealthCheckPublisher> publishers) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        HealthReport report = await checks.CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        foreach (IHealthCheckPublisher publisher in publishers)
        {
            await publisher.PublishAsync(report, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
