using Google.Rpc;
using Grpc.Core;

namespace MedGen.Client;

/// <summary>The host refused a call or failed in it.</summary>
public sealed class MedGenRpcException : Exception
{
    internal MedGenRpcException(RpcException exception)
        : base(Describe(exception), exception)
    {
        StatusCode = IsUnreachable(exception) ? StatusCode.Unavailable : exception.StatusCode;
        Google.Rpc.Status? status = exception.GetRpcStatus();
        ErrorInfo? info = status?.GetDetail<ErrorInfo>();
        Reason = info?.Reason ?? StatusCode.ToString();
        Metadata = info?.Metadata.ToDictionary() ?? [];
        Violations = status?.GetDetail<BadRequest>()?.FieldViolations.Select(v => new RequestViolation(v.Field, v.Description)).ToList() ?? [];
        RetryAfter = status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
    }

    /// <summary>gRPC's status code; <see cref="StatusCode.Unavailable"/> for whatever keeps the host from being reached, TLS included.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>Stable UPPER_SNAKE_CASE code of the host; the name of the status code when the host gave none.</summary>
    public string Reason { get; }

    /// <summary>Facts that belong to the reason, such as an id or a limit.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What is wrong with the request, field by field; empty when the request is not at fault.</summary>
    public IReadOnlyList<RequestViolation> Violations { get; }

    /// <summary>When to try again; null when the host named no time.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string Describe(RpcException exception) =>
        IsUnreachable(exception) ? $"The host cannot be reached: {exception.Status.Detail}" : exception.Status.Detail;

    // Only this side's transport leaves an exception; it calls some of its failures, such as a certificate that is not trusted, internal errors.
    private static bool IsUnreachable(RpcException exception) =>
        exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal
        && (exception.StatusCode == StatusCode.Unavailable || exception.Status.DebugException is HttpRequestException or IOException)
        && exception.GetRpcStatus()?.GetDetail<ErrorInfo>() is null;
}
