using Microsoft.Extensions.Logging;

namespace MedGen.Media;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Debug, "Decoder {ProcessId} started for a {Width}x{Height} stream.")]
    public static partial void DecoderStarted(this ILogger logger, int processId, int width, int height);

    [LoggerMessage(1002, LogLevel.Debug, "Decoder {ProcessId} ended after {Frames} frames with code {ExitCode}.")]
    public static partial void DecoderEnded(this ILogger logger, int processId, long frames, int exitCode);

    [LoggerMessage(1003, LogLevel.Warning, "Child process {ProcessId} made no progress for {Seconds} s and was ended.")]
    public static partial void ProcessStalled(this ILogger logger, int processId, double seconds);

    [LoggerMessage(1004, LogLevel.Debug, "Encoder {ProcessId} started for {Width}x{Height} frames.")]
    public static partial void EncoderStarted(this ILogger logger, int processId, int width, int height);
}
