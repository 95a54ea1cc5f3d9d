using Microsoft.AspNetCore.Authorization;

namespace MedGen.Host.Access;

/// <summary>Has the credentials of every guarded call watched for as long as it is served.</summary>
internal sealed class CredentialWatchMiddleware(RequestDelegate next, CredentialWatch watch)
{
    public async Task InvokeAsync(HttpContext http)
    {
        using IDisposable? watched = http.User.Identity is CallerIdentity identity
            && identity.AuthenticationType != AccessSchemes.Local
            && http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
                ? watch.Watch(http, identity)
                : null;
        await next(http).ConfigureAwait(false);
    }
}
