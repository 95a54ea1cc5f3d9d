using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using MedGen.Host.Access;
using MedGen.Host.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Http;

/// <summary>Around every plain HTTP route: the same errors as over gRPC, as application/problem+json (RFC 9457).</summary>
internal sealed class ProblemFilter(ErrorReporter errors) : IEndpointFilter
{
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
            return ToProblem(status, http.Response, (error as BadHttpRequestException)?.StatusCode);
        }
    }

    /// <summary>What the log calls a request: its address may hold a file's name.</summary>
    public static string CallName(HttpContext http) => http.Request.Method + " artifact";

    public static IResult ToProblem(Status status, Microsoft.AspNetCore.Http.HttpResponse response, int? httpStatus = null)
    {
        Dictionary<string, object?> extensions = new(StringComparer.Ordinal);
        foreach (Any detail in status.Details)
        {
            if (detail.TryUnpack(out ErrorInfo info))
            {
                extensions["reason"] = info.Reason;
                extensions["metadata"] = info.Metadata;
            }
            else if (detail.TryUnpack(out BadRequest badRequest))
            {
                extensions["violations"] = badRequest.FieldViolations.Select(v => new { field = v.Field, description = v.Description });
            }
            else if (detail.TryUnpack(out RetryInfo retry))
            {
                response.Headers.RetryAfter = Math.Ceiling(retry.RetryDelay.ToTimeSpan().TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }
        }

        Code code = (Code)status.Code;
        if (code == Code.Unauthenticated)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return Results.Problem(
            status.Message, statusCode: httpStatus ?? ErrorMapping.ToHttpStatus(code), title: code.ToString(), extensions: extensions);
    }
}
