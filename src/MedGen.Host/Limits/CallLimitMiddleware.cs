using System.Threading.RateLimiting;
using MedGen.Host.Errors;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Limits;

/// <summary>Refuses a call when its address, caller or tenant has as many as are allowed, before anything of it is read.</summary>
internal sealed class CallLimitMiddleware(RequestDelegate next, PartitionedRateLimiter<HttpContext> limiter)
{
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext http)
    {
        using RateLimitLease lease = limiter.AttemptAcquire(http);
        if (lease.IsAcquired)
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        TimeSpan wait = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan stated) && stated > TimeSpan.Zero ? stated : UsualWait;
        ResourceExhaustedException exhausted = new(
            "TOO_MANY_CALLS", "This address, caller or tenant makes as many calls as are allowed; make fewer at once.", wait);
        await StatusAnswer.WriteAsync(http, ErrorMapping.Describe(exhausted)).ConfigureAwait(false);
    }
}
