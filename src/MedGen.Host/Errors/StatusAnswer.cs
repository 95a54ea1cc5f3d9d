using System.Globalization;
using Google.Protobuf;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using MedGen.Host.Http;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Errors;

/// <summary>Answers a call with an error before it has come to its service, in the form that its caller expects.</summary>
internal static class StatusAnswer
{
    public static Task WriteAsync(HttpContext http, Status status)
    {
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) ?? false)
        {
            // A response of trailers alone, as gRPC's protocol spells them.
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
            http.Response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
            return http.Response.CompleteAsync();
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null)
        {
            return ErrorForm.Answer(http, status).ExecuteAsync(http);
        }

        if (status.Code == (int)Code.Unauthenticated)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return JsonStatus.WriteAsync(http, status);
    }
}
