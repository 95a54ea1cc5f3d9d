using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Errors;

/// <summary>Answers a call that is served as JSON with an error, as its transcoding does.</summary>
internal static class JsonStatus
{
    private static readonly JsonFormatter Json = new(new JsonFormatter.Settings(true, TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor)));

    public static Task WriteAsync(HttpContext http, Status status)
    {
        http.Response.StatusCode = ErrorMapping.ToHttpStatus((Code)status.Code);
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(Json.Format(status), http.RequestAborted);
    }
}
