using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using MedGen.Sdk.Errors;
using Status = Google.Rpc.Status;

namespace MedGen.Host.Errors;

/// <summary>
/// gRPC reads a request before the service, or an interceptor, is asked; what it cannot read it answers with UNKNOWN or INTERNAL, as if the host
/// were to blame. A call that ended so without reaching the interceptor was malformed: it is answered with INVALID_ARGUMENT.
/// </summary>
internal sealed class MalformedRequestMiddleware(RequestDelegate next, ErrorReporter errors)
{
    private const string StatusHeader = "grpc-status";

    private static readonly object Reached = new();

    /// <summary>Says that a call's first message was read.</summary>
    public static void MarkReached(HttpContext http) => http.Items[Reached] = true;

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http).ConfigureAwait(false);
        if (http.Response.HasStarted || http.Items.ContainsKey(Reached) || !IsServersFault(http.Response.Headers[StatusHeader]))
        {
            return;
        }

        InvalidInputException refusal = CheckedRequestStream.Malformed();
        Status status = errors.Describe(refusal, http.GetEndpoint()?.DisplayName ?? "", deadline: null, http.RequestAborted);
        http.Response.Headers[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
        http.Response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
    }

    private static bool IsServersFault(string? status) => int.TryParse(status, CultureInfo.InvariantCulture, out int code)
        && (StatusCode)code is StatusCode.Unknown or StatusCode.Internal;
}
