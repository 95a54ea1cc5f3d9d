using Microsoft.Extensions.Logging.Console;

namespace MedGen.Host.Logging;

/// <summary>The log of a host that runs as a program of its own.</summary>
public static class HostLog
{
    /// <summary>Writes the log to standard error, each line with time, level, trace, caller and job.</summary>
    /// <param name="logging">The host's logging.</param>
    /// <param name="options">How lines are written.</param>
    /// <returns>The same logging.</returns>
    public static ILoggingBuilder AddHostLog(this ILoggingBuilder logging, HostLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(options);
        logging.AddConsole(console =>
        {
            console.FormatterName = LogLineFormatter.NameOf(options.Format);
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.AddConsoleFormatter<TextLineFormatter, ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        return logging;
    }
}
