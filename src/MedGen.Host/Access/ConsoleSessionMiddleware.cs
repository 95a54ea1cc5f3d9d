using MedGen.WebConsole;

namespace MedGen.Host.Access;

/// <summary>For the console's own addresses, and for them alone, the cookie counts as the header that a browser cannot send.</summary>
internal sealed class ConsoleSessionMiddleware(RequestDelegate next, ConsoleSession session)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ConsoleEndpoint>() is not null
            && http.Request.Headers.Authorization.Count == 0 && session.KeyOf(http) is { } key)
        {
            http.Request.Headers.Authorization = "Bearer " + key;
        }

        return next(http);
    }
}
