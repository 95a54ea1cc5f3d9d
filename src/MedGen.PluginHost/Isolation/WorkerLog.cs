using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Isolation;

/// <summary>What a worker logs and prints, in the host's log under the plugin's name; a flood is cut and counted.</summary>
internal sealed class WorkerLog(ILogger logger, string plugin, TimeProvider time)
{
    private const int LinesPerWindow = 200;
    private const int LongestLine = 2000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _windowStart = time.GetTimestamp();
    private int _lines;

    /// <summary>Writes a line of the plugin's loggers.</summary>
    public void Write(LogLine line) => Write(line.Level, line.Category, line.Text);

    /// <summary>Writes what is printed, line by line.</summary>
    public async Task CopyAsync(StreamReader printed)
    {
        char[] buffer = new char[LongestLine];
        string rest = "";
        while (await printed.ReadAsync(buffer).ConfigureAwait(false) is > 0 and int read)
        {
            string[] lines = (rest + new string(buffer, 0, read)).Split('\n');
            foreach (string line in lines[..^1])
            {
                Write(LogLevel.Information, "output", line);
            }

            rest = lines[^1].Length > LongestLine ? "" : lines[^1];
        }

        if (rest.Length > 0)
        {
            Write(LogLevel.Information, "output", rest);
        }
    }

    private void Write(LogLevel level, string category, string text)
    {
        LogLevel known = Enum.IsDefined(level) && level < LogLevel.None ? level : LogLevel.Information;
        if (!logger.IsEnabled(known))
        {
            return;
        }

        int leftOut = 0;
        lock (_gate)
        {
            if (time.GetElapsedTime(_windowStart) >= Window)
            {
                (leftOut, _lines, _windowStart) = (Math.Max(0, _lines - LinesPerWindow), 0, time.GetTimestamp());
            }

            if (++_lines > LinesPerWindow)
            {
                return;
            }
        }

        if (leftOut > 0)
        {
            Log.WorkerLinesLeftOut(logger, plugin, leftOut);
        }

        (string place, string line) = (OneLine(category), OneLine(text));
        Log.WorkerSaid(logger, known, plugin, place, line);
    }

    // No line of its own making, and nothing that a terminal obeys.
    private static string OneLine(string text) =>
        string.Concat(text.Take(LongestLine).Select(letter => char.IsControl(letter) ? ' ' : letter));
}
