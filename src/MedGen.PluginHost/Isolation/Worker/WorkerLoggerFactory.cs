using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>Sends what the plugin logs to the host, from a level on.</summary>
internal sealed class WorkerLoggerFactory(WorkerChannel channel, LogLevel least) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new WorkerLogger(categoryName, least, channel);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log is the host's.");

    public void Dispose()
    {
        // The channel is the worker's.
    }

    private sealed class WorkerLogger(string category, LogLevel least, WorkerChannel channel) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel < LogLevel.None;

        // Not awaited: lines go out in their order, and a plugin does not wait for its log.
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                string text = formatter(state, exception);
                _ = channel.SendAsync(new LogLine(logLevel, category, exception is null ? text : $"{text} {exception.GetType().Name}"));
            }
        }
    }
}
