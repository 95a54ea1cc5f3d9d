namespace MedGen.Host.Access;

/// <summary>
/// Refuses what a page of another site sends through a visitor's browser: on loopback without credentials such a page would act with the visitor's
/// rights. Pages of origins that the host names may make calls of gRPC-Web, and nothing else.
/// </summary>
internal sealed class SameOriginMiddleware(RequestDelegate next, MedGenHostOptions options)
{
    public Task InvokeAsync(HttpContext http)
    {
        string origin = http.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !IsOwn(origin, http) && !(IsOfGrpcWeb(http) && options.Calls.GrpcWebOrigins.Contains(origin)))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(http);
    }

    private static bool IsOwn(string origin, HttpContext http) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority == http.Request.Host.Value;

    // A call whose content type browsers ask about beforehand, or that question.
    private static bool IsOfGrpcWeb(HttpContext http) => HttpMethods.IsOptions(http.Request.Method)
        || (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) ?? false);
}
