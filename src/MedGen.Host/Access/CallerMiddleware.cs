using MedGen.Application.Access;

namespace MedGen.Host.Access;

/// <summary>
/// Finds out who calls. With a tokens file: the holder of the bearer token, or nobody. Without one the host listens on loopback only, and whoever
/// is on this machine runs the platform.
/// </summary>
internal sealed class CallerMiddleware(RequestDelegate next, CallerDirectory directory)
{
    private const string Scheme = "Bearer ";

    private static readonly Caller Local = new() { Name = "local", Role = Role.Administrator };

    public Task InvokeAsync(HttpContext http, CallerContext callerContext)
    {
        callerContext.Caller = directory.Tokens is null ? Local : FindHolder(directory.Tokens, http.Request.Headers.Authorization.ToString());
        return next(http);
    }

    private static Caller? FindHolder(TokenFile tokens, string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? tokens.Find(authorization[Scheme.Length..].Trim()) : null;
}
