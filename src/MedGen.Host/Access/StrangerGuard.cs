using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using MedGen.Abstractions.Errors;
using MedGen.Application.Access;
using MedGen.Host.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Access;

/// <summary>
/// Refuses callers whom nobody knows before anything of their request is read: gRPC reads a unary request whole before a service, or an interceptor, is
/// asked. The answer is the one that the interceptor would give.
/// </summary>
internal sealed class StrangerGuard(RequestDelegate next, ErrorReporter errors)
{
    private static readonly JsonFormatter Json = new(new JsonFormatter.Settings(true, TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor)));

    public Task InvokeAsync(HttpContext http, CallerContext caller)
    {
        if (http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<KnownCallersOnly>() is null)
        {
            return next(http);
        }

        try
        {
            caller.Require();
        }
        catch (UnauthenticatedException refusal)
        {
            Status status = errors.Describe(refusal, endpoint.DisplayName ?? "", deadline: null, http.RequestAborted);
            return AnswerAsync(http, status);
        }

        return next(http);
    }

    private static Task AnswerAsync(HttpContext http, Status status)
    {
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) ?? false)
        {
            // A response of trailers alone, as gRPC's protocol spells them.
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = status.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);
            http.Response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
            http.Response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
            return http.Response.CompleteAsync();
        }

        http.Response.StatusCode = ErrorMapping.ToHttpStatus((Code)status.Code);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(Json.Format(status), http.RequestAborted);
    }
}
