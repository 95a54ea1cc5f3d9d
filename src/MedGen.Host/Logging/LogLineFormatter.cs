using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MedGen.Host.Logging;

/// <summary>
/// One line for each entry of the log. Of what surrounds an entry only the known fields are written, and of an exception its type and place, not its
/// message: both could hold what a caller wrote.
/// </summary>
internal abstract class LogLineFormatter(HostLogFormat format, TimeProvider time) : ConsoleFormatter(NameOf(format))
{
    // A start that fails, or is told to end, is told by whoever asked for it, in a sentence.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";
    private const int StartFailed = 11;

    /// <summary>The fields of scopes that are written.</summary>
    public static readonly string[] Fields = ["caller", "job"];

    public static string NameOf(HostLogFormat format) => format == HostLogFormat.Json ? "medgen-json" : "medgen-text";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (logEntry is { Category: HostCategory, EventId.Id: StartFailed })
        {
            return;
        }

        Dictionary<string, string> fields = [];
        if (Activity.Current is { } activity)
        {
            fields["trace"] = activity.TraceId.ToHexString();
            fields["span"] = activity.SpanId.ToHexString();
        }

        scopeProvider?.ForEachScope(
            static (scope, found) =>
            {
                foreach ((string name, object? value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                {
                    if (value is not null && Fields.Contains(name))
                    {
                        found[name] = value.ToString() ?? "";
                    }
                }
            },
            fields);
        string message = logEntry.Formatter(logEntry.State, null);
        for (Exception? error = logEntry.Exception; error is not null; error = error.InnerException)
        {
            message += $" | {error.GetType().FullName} {error.StackTrace?.ReplaceLineEndings(" ")}";
        }

        Write(textWriter, time.GetUtcNow(), logEntry.LogLevel, logEntry.Category, logEntry.EventId.Id, message, fields);
    }

    protected abstract void Write(
        TextWriter writer, DateTimeOffset now, LogLevel level, string category, int eventId, string message, Dictionary<string, string> fields);
}
