using Microsoft.Extensions.Logging;

namespace MedGen.Runtime;

/// <summary>What the runtime logs: ids, counts and times; never prompts or frames. Event ids 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Device {Device} is ready, {Threads} threads an operation.")]
    public static partial void DeviceReady(ILogger logger, string device, int threads);

    [LoggerMessage(2001, LogLevel.Warning, "Device queue full: {Limit} pieces of work wait. Callers are told to come back in {RetryAfter}.")]
    public static partial void QueueFull(ILogger logger, int limit, TimeSpan retryAfter);

    [LoggerMessage(2002, LogLevel.Error, "The device failed its health check.")]
    public static partial void DeviceUnhealthy(ILogger logger, Exception exception);

    [LoggerMessage(2003, LogLevel.Information,
        "Model {Name} is loaded: {Parameters} parameters, {DataType} with the kernels {Kernels}, in {Elapsed}.")]
    public static partial void ModelLoaded(ILogger logger, string name, long parameters, string dataType, string kernels, TimeSpan elapsed);

    [LoggerMessage(2004, LogLevel.Critical, "Device {Device} has failed. Readiness is false until the process is started again.")]
    public static partial void DeviceFailed(ILogger logger, string device, Exception exception);

    [LoggerMessage(2006, LogLevel.Error, "The work on device {Device} did not end within {Limit} of the host's stop; it is not waited for any more.")]
    public static partial void DeviceDoesNotStop(ILogger logger, string device, TimeSpan limit);

    [LoggerMessage(2005, LogLevel.Warning, "{Warning}")]
    public static partial void NumberTypeEmulated(ILogger logger, string warning);
}
