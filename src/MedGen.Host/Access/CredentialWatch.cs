using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Authentication;

namespace MedGen.Host.Access;

/// <summary>
/// Looks again at the credentials of calls that stay open: a watched job, a live stream, a long upload or download ends soon after its caller's key,
/// token or certificate has expired or was revoked, or its role was taken away.
/// </summary>
internal sealed class CredentialWatch(
    AccessDirectory directory, AccessAudit audit, IServiceScopeFactory scopes, TimeProvider time, ILogger<CredentialWatch> logger) : BackgroundService
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

    // As at the start of the call, by the same handlers, with the files of now.
    private async Task<MedGenException?> JudgeAsync(OpenCall call)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using ConfiguredAsyncDisposable scopeDisposal = scope.ConfigureAwait(false);
        DefaultHttpContext again = new() { RequestServices = scope.ServiceProvider };
        again.Request.Scheme = call.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        again.Request.Headers.Authorization = call.Authorization.Length > 0 ? call.Authorization : default;
        again.Connection.ClientCertificate = call.Certificate;
        try
        {
            AuthenticateResult result = await again.AuthenticateAsync().ConfigureAwait(false);
            if (result.Principal?.Identity is not CallerIdentity { Caller: var now })
            {
                return new UnauthenticatedException(
                    RefusedCredentialsException.In(result.Failure)?.Message ?? RefusedCredentialsException.Unknown().Message);
            }

            if (now.Name != call.Caller.Name || now.Tenant != call.Caller.Tenant)
            {
                return new UnauthenticatedException("The credentials of this call are another caller's now.");
            }

            directory.Current.Require(now, OperationRequirement.OperationOf(call.Endpoint) ?? "This");
            return null;
        }
        catch (AccessDeniedException refusal)
        {
            return refusal;
        }
        catch (CryptographicException)
        {
            // The connection has ended, and its certificate with it.
            return new UnauthenticatedException(RefusedCredentialsException.Unknown().Message);
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
