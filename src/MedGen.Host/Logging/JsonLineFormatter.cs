using System.Text;
using System.Text.Json;

namespace MedGen.Host.Logging;

/// <summary>For programs.</summary>
internal sealed class JsonLineFormatter(TimeProvider time) : LogLineFormatter(HostLogFormat.Json, time)
{
    protected override void Write(
        TextWriter writer, DateTimeOffset now, LogLevel level, string category, int eventId, string message, Dictionary<string, string> fields)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteString("time", now);
            json.WriteString("level", SnakeCase(level));
            json.WriteString("category", category);
            json.WriteNumber("event", eventId);
            json.WriteString("message", message);
            foreach ((string name, string value) in fields)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
    }

    private static string SnakeCase(LogLevel level) => JsonNamingPolicy.SnakeCaseLower.ConvertName(level.ToString());
}
