using System.Text;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Home;

/// <summary>
/// What a plugin logs and prints, in this process or in one of its own, in the host's log: under the plugin's name and version, in the category
/// <c>Plugin.ID</c>, so that an operator can set its level; without its secrets; a flood is cut and counted.
/// </summary>
/// <param name="logger">The host's log of this plugin.</param>
/// <param name="plugin">Plugin and version.</param>
/// <param name="guard">Knows its secrets.</param>
/// <param name="time">Clock of the limit.</param>
internal sealed class PluginLog(ILogger logger, string plugin, SecretGuard guard, TimeProvider time)
{
    private const string Output = "output";
    private const int LinesPerWindow = 200;
    private const int LongestLine = 2000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly StringBuilder _printed = new();
    private readonly Flood _logged = new(time);
    private readonly Flood _output = new(time);

    /// <summary>The lowest level that the operator wants to see now; <see cref="LogLevel.None"/>: nothing.</summary>
    public LogLevel Least => Enumerable.Range((int)LogLevel.Trace, (int)LogLevel.None).Select(level => (LogLevel)level)
        .Where(logger.IsEnabled).DefaultIfEmpty(LogLevel.None).First();

    /// <summary>Whether lines of a level are seen.</summary>
    public bool IsEnabled(LogLevel level) => logger.IsEnabled(level);

    /// <summary>Writes what is printed, line by line, until there is no more.</summary>
    public async Task CopyAsync(StreamReader printed)
    {
        char[] buffer = new char[LongestLine];
        while (await printed.ReadAsync(buffer).ConfigureAwait(false) is > 0 and int read)
        {
            Print(buffer.AsSpan(0, read));
        }

        Print("\n");
    }

    /// <summary>Writes what is printed; a line when it is complete.</summary>
    /// <param name="text">Some of it.</param>
    public void Print(ReadOnlySpan<char> text)
    {
        List<string> lines = [];
        lock (_printed)
        {
            foreach (char letter in text)
            {
                bool isEnd = letter == '\n' || _printed.Length > LongestLine;
                if (isEnd && _printed.Length > 0)
                {
                    lines.Add(_printed.ToString());
                    _printed.Clear();
                }

                if (letter is not ('\n' or '\r'))
                {
                    _printed.Append(letter);
                }
            }
        }

        lines.ForEach(line => Write(_output, LogLevel.Information, Output, line, exception: null));
    }

    /// <summary>Writes a line.</summary>
    /// <param name="level">Its level; information where that is none.</param>
    /// <param name="category">What writes it.</param>
    /// <param name="text">The line.</param>
    /// <param name="exception">An exception, of which the log tells type and place; null: none.</param>
    public void Write(LogLevel level, string category, string text, Exception? exception = null) =>
        Write(_logged, level, category, text, exception);

    private void Write(Flood flood, LogLevel level, string category, string text, Exception? exception)
    {
        LogLevel known = Enum.IsDefined(level) && level < LogLevel.None ? level : LogLevel.Information;
        if (!logger.IsEnabled(known) || !flood.Takes(out int leftOut))
        {
            return;
        }

        if (leftOut > 0)
        {
            PluginHost.Log.PluginLinesLeftOut(logger, plugin, leftOut);
        }

        (string place, string line) = (OneLine(category), OneLine(guard.Conceal(text)));
        PluginHost.Log.PluginSaid(logger, known, plugin, place, line, exception);
    }

    // No line of its own making, and nothing that a terminal obeys.
    private static string OneLine(string text) =>
        string.Concat(text.Take(LongestLine).Select(letter => char.IsControl(letter) ? ' ' : letter));

    // What is printed and what is logged are counted apart, so that prints do not drown warnings.
    private sealed class Flood(TimeProvider time)
    {
        private readonly Lock _gate = new();
        private long _windowStart = time.GetTimestamp();
        private int _lines;

        public bool Takes(out int leftOut)
        {
            lock (_gate)
            {
                leftOut = 0;
                if (time.GetElapsedTime(_windowStart) >= Window)
                {
                    (leftOut, _lines, _windowStart) = (Math.Max(0, _lines - LinesPerWindow), 0, time.GetTimestamp());
                }

                return ++_lines <= LinesPerWindow;
            }
        }
    }
}
