using MedGen.Sdk.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "{Call} refused: {Code} {Reason}.")]
    public static partial void CallRefused(this ILogger logger, string call, ErrorCode code, string reason);

    [LoggerMessage(6002, LogLevel.Information, "{Call} ended by its caller; deadline passed: {DeadlinePassed}.")]
    public static partial void CallEnded(this ILogger logger, string call, bool deadlinePassed);

    [LoggerMessage(6003, LogLevel.Error, "{Call} failed unexpectedly; error id {ErrorId}: {ErrorType} {StackTrace}")]
    public static partial void CallFailed(this ILogger logger, string call, string errorId, string errorType, string? stackTrace);

    [LoggerMessage(6004, LogLevel.Information, "Listening for gRPC on {Grpc} and for HTTP on {Http}; identity: {Identity}.")]
    public static partial void Listening(this ILogger logger, Uri grpc, Uri http, string identity);

    [LoggerMessage(6005, LogLevel.Warning, "Listening on {Address} without TLS, as asked for: tokens and images cross the network in clear text.")]
    public static partial void Insecure(this ILogger logger, string address);

    [LoggerMessage(6010, LogLevel.Information, "The file {File} was read again; it is in force.")]
    public static partial void AccessFileRead(this ILogger logger, string file);

    [LoggerMessage(6011, LogLevel.Error, "The file {File} cannot be used, what was read before stays in force: {Problem}")]
    public static partial void AccessFileRefused(this ILogger logger, string file, string problem);

    [LoggerMessage(6012, LogLevel.Warning, "The keys of the issuer {Issuer} cannot be fetched ({ErrorType}); those known stay in force.")]
    public static partial void IssuerUnreachable(this ILogger logger, string issuer, string errorType);

    [LoggerMessage(6013, LogLevel.Warning, "Connections are refused, because an address holds as many as are allowed; {Count} so far.")]
    public static partial void ConnectionsRefused(this ILogger logger, long count);

    [LoggerMessage(6014, LogLevel.Error, "An open call's credentials could not be judged, or the refusal not be recorded ({ErrorType}).")]
    public static partial void CredentialsNotJudged(this ILogger logger, string errorType);

    [LoggerMessage(6015, LogLevel.Warning, "{Warning}")]
    public static partial void TooOpen(this ILogger logger, string warning);

    [LoggerMessage(6050, LogLevel.Information, "Settings were read again; those that can change while the host runs are in force.")]
    public static partial void Reloaded(this ILogger logger);

    [LoggerMessage(6051, LogLevel.Information, "Ready: all checks passed.")]
    public static partial void Ready(this ILogger logger);

    [LoggerMessage(6052, LogLevel.Warning, "Readiness is {Status}: {Checks}.")]
    public static partial void NotReady(this ILogger logger, HealthStatus status, string checks);

    [LoggerMessage(6053, LogLevel.Warning, "The queue could not be looked at ({ErrorType}); its metrics are those of before.")]
    public static partial void QueueNotSeen(this ILogger logger, string errorType);
}
