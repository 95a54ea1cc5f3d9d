using System.Globalization;
using MedGen.Application;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Health;

/// <summary>
/// The host is ready while its database answers and its disk takes new files. A full queue, and contents that a scrub found lost, make it degraded:
/// what is whole is still served.
/// </summary>
internal sealed class StoreReadiness(IStoreState store, IJobStore jobs, IOptions<MedGenApplicationOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // The store is synchronous inside, and a disk that hangs must not hold the other checks up.
        QueueLoad load = await Task.Run(() => jobs.GetLoadAsync("", "", cancellationToken), cancellationToken).WaitAsync(cancellationToken)
            .ConfigureAwait(false);
        StoreState state = await Task.Run(store.Read, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        string scrub = state.ScrubbedAt is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"the last scrub ended at {at:u}, {state.LostContents} contents are damaged or missing")
            : "no scrub has ended yet";
        string message =
            string.Create(CultureInfo.InvariantCulture, $"{state.FreeBytes} of {state.TotalBytes} bytes are free; {load.Queued} jobs wait; {scrub}.");
        return state switch
        {
            { Shortage: { } shortage } => HealthCheckResult.Unhealthy(shortage),
            { LostContents: > 0 } => HealthCheckResult.Degraded(message),
            _ when load.Queued >= options.Value.MaxQueuedJobs => HealthCheckResult.Degraded(message),
            _ => HealthCheckResult.Healthy(message),
        };
    }
}
