using System.Collections.Concurrent;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>
/// Looks again at the credentials of calls that stay open: a watched job, a live stream, a long upload or download ends soon after its caller's key,
/// token or certificate has expired or was revoked, or its role was taken away.
/// </summary>
internal sealed class CredentialWatch(
    AccessDirectory directory, CredentialJudge judge, AccessAudit audit, TimeProvider time, ILogger<CredentialWatch> logger) : BackgroundService
{
    /// <summary>A call is ended within twice this time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<OpenCall, byte> _open = new();
    private readonly PeriodicTimer _timer = new(Interval, time);

    /// <summary>Watches a call until what is returned is disposed.</summary>
    public IDisposable Watch(HttpContext http, CallerIdentity identity)
    {
        OpenCall call = new(http, identity);
        _open[call] = 0;
        return new Watched(this, call);
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            // Some at a time: one that takes long, an issuer that does not answer, does not keep the others open.
            ParallelOptions options = new() { MaxDegreeOfParallelism = 16, CancellationToken = stoppingToken };
            await Parallel.ForEachAsync(_open.Keys, options, (call, _) => LookAsync(call)).ConfigureAwait(false);
        }
    }

    private async ValueTask LookAsync(OpenCall call)
    {
        try
        {
            await CheckAsync(call).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // One call must not end the host, nor the watch over the others.
            logger.CredentialsNotJudged(exception.GetType().Name);
        }
    }

    private async Task CheckAsync(OpenCall call)
    {
        if (call.Refusal is not null)
        {
            call.Abort();
            return;
        }

        if (await JudgeAsync(call).ConfigureAwait(false) is { } refusal && await call.EndAsync(refusal).ConfigureAwait(false))
        {
            await audit.DeniedAsync(call.Caller, call.Endpoint, refusal.Reason).ConfigureAwait(false);
        }
    }

    private async Task<MedGenException?> JudgeAsync(OpenCall call)
    {
        try
        {
            Caller now = await judge.NowAsync(call.Credentials, call.Caller).ConfigureAwait(false);
            OperationRequirement.Require(directory.Current, now, call.Endpoint);
            return null;
        }
        catch (MedGenException refusal) when (refusal is AccessDeniedException or UnauthenticatedException)
        {
            return refusal;
        }
    }

    private sealed class Watched(CredentialWatch watch, OpenCall call) : IDisposable
    {
        public void Dispose()
        {
            watch._open.TryRemove(call, out _);
            call.Dispose();
        }
    }
}
