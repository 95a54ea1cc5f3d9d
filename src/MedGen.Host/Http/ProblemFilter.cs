using MedGen.Host.Access;
using MedGen.Host.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Http;

/// <summary>Around every plain HTTP route: the same errors as over gRPC, in the route's form, or as application/problem+json (RFC 9457).</summary>
internal sealed class ProblemFilter(ErrorReporter errors) : IEndpointFilter
{
    /// <summary>application/problem+json.</summary>
    public static readonly ErrorForm Form = new(ToProblem);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Status status = errors.Describe(OpenCall.RefusalOf(http) ?? error, CallName(http), deadline: null, http.RequestAborted);
            return ErrorForm.Answer(http, status, (error as BadHttpRequestException)?.StatusCode);
        }
    }

    /// <summary>What the log calls a request: its route's pattern, for its address may hold a file's name.</summary>
    public static string CallName(HttpContext http) => $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}";

    private static IResult ToProblem(ErrorParts error, int httpStatus)
    {
        Dictionary<string, object?> extensions = new(StringComparer.Ordinal);
        if (error.Reason is { } reason)
        {
            (extensions["reason"], extensions["metadata"]) = (reason, error.Metadata);
        }

        if (error.Violations is { } violations)
        {
            extensions["violations"] = violations.Select(one => new { field = one.Field, description = one.Description });
        }

        return Results.Problem(error.Message, statusCode: httpStatus, title: error.Code.ToString(), extensions: extensions);
    }
}
