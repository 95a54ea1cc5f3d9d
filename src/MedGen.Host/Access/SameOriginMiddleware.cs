namespace MedGen.Host.Access;

/// <summary>
/// Refuses what a page of another site sends through a visitor's browser: on loopback without credentials such a page would act with the visitor's
/// rights.
/// </summary>
internal sealed class SameOriginMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        string origin = http.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority == http.Request.Host.Value))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(http);
    }
}
