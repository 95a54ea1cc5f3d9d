using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Home;

/// <summary>The host's log as a plugin in this process gets it.</summary>
/// <param name="log">Takes its lines.</param>
internal sealed class PluginLoggerFactory(PluginLog log) : ILoggerFactory
{
    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new PluginLogger(categoryName, log);

    /// <inheritdoc />
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log is the host's.");

    /// <inheritdoc />
    public void Dispose()
    {
        // The log is the host's.
    }

    private sealed class PluginLogger(string category, PluginLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel < LogLevel.None && log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
