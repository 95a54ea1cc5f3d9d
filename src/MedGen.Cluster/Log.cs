using Microsoft.Extensions.Logging;

namespace MedGen.Cluster;

/// <summary>Everything that this project logs. Event ids 7000 to 7999.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Information, "This host is {Name} ({HostId}) of a cluster, as {Role}.")]
    public static partial void Joined(ILogger logger, string name, string hostId, ClusterRole role);

    [LoggerMessage(7001, LogLevel.Warning, "Checkpoints of ended jobs cannot be deleted now ({Reason}); trying again.")]
    public static partial void CheckpointsHeld(ILogger logger, string reason);

    [LoggerMessage(7002, LogLevel.Warning, "The other hosts cannot be told ({ExceptionType}); trying again.")]
    public static partial void NotTold(ILogger logger, string exceptionType);

    [LoggerMessage(7003, LogLevel.Warning, "This host was told to drain: it begins no job any more.")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(7004, LogLevel.Warning, "News of another host cannot be listened to ({ExceptionType}); trying again.")]
    public static partial void NotHeard(ILogger logger, string exceptionType);
}
