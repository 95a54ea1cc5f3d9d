using Google.Rpc;
using Grpc.Core;

namespace MedGen.Client;

/// <summary>The host refused a call or failed in it.</summary>
public sealed class MedGenRpcException : Exception
{
    internal MedGenRpcException(RpcException exception)
        : base(Describe(exception), exception)
    {
        StatusCode = exception.StatusCode;
        Google.Rpc.Status? status = exception.GetRpcStatus();
        ErrorInfo? info = status?.GetDetail<ErrorInfo>();
        Reason = info?.Reason ?? exception.StatusCode.ToString();
        Metadata = info?.Metadata.ToDictionary() ?? [];
        Violations = status?.GetDetail<BadRequest>()?.FieldViolations.Select(v => new RequestViolation(v.Field, v.Description)).ToList() ?? [];
        RetryAfter = status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
    }

    /// <summary>gRPC's status code.</summary>
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
        exception.StatusCode == StatusCode.Unavailable && exception.GetRpcStatus()?.GetDetail<ErrorInfo>() is null
            ? $"The host cannot be reached: {exception.Status.Detail}"
            : exception.Status.Detail;
}
