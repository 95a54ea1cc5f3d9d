using System.Globalization;

namespace MedGen.Host.Logging;

/// <summary>For people.</summary>
internal sealed class TextLineFormatter(TimeProvider time) : LogLineFormatter(HostLogFormat.Text, time)
{
    protected override void Write(
        TextWriter writer, DateTimeOffset now, LogLevel level, string category, int eventId, string message, Dictionary<string, string> fields)
    {
        writer.Write(now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        writer.Write(level switch
        {
            LogLevel.Trace => " trace ",
            LogLevel.Debug => " debug ",
            LogLevel.Information => " info  ",
            LogLevel.Warning => " warn  ",
            LogLevel.Error => " ERROR ",
            _ => " CRIT  ",
        });
        writer.Write($"{category}[{eventId}] {message.ReplaceLineEndings(" ")}");
        foreach ((string name, string value) in fields)
        {
            writer.Write($" {name}={value}");
        }

        writer.WriteLine();
    }
}
