using Google.Rpc;

namespace MedGen.Host;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "{Call} refused: {Code} {Reason}.")]
    public static partial void CallRefused(this ILogger logger, string call, Code code, string reason);

    [LoggerMessage(6002, LogLevel.Information, "{Call} ended by its caller; deadline passed: {DeadlinePassed}.")]
    public static partial void CallEnded(this ILogger logger, string call, bool deadlinePassed);

    [LoggerMessage(6003, LogLevel.Error, "{Call} failed unexpectedly; error id {ErrorId}: {ErrorType} {StackTrace}")]
    public static partial void CallFailed(this ILogger logger, string call, string errorId, string errorType, string? stackTrace);

    [LoggerMessage(6004, LogLevel.Information, "Listening for gRPC on {Grpc} and for HTTP on {Http}; identity: {Identity}.")]
    public static partial void Listening(this ILogger logger, Uri grpc, Uri http, string identity);

    [LoggerMessage(6005, LogLevel.Warning, "Listening on {Address} without TLS, as asked for: tokens and images cross the network in clear text.")]
    public static partial void Insecure(this ILogger logger, string address);
}
