using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Primitives;

namespace MedGen.Host.Http;

/// <summary>
/// Reads a request in proto3's JSON mapping as strictly as the mapping allows: unknown fields and values of the wrong kind are violations that name
/// the field. Numbers may be spelled in every way that the mapping has (32, "32", 32.0, 1e0); what is written has one.
/// </summary>
internal static class JsonRequestReader
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Checks an object and writes it anew.</summary>
    public static void Rewrite(JsonElement json, MessageDescriptor message, Utf8JsonWriter writer, Violations violations)
    {
        writer.WriteStartObject();
        HashSet<string> seen = [];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (Find(message, property.Name, violations) is not { } field)
            {
                continue;
            }

            if (!seen.Add(field.Name))
            {
                violations.Add(field.Name, $"is given twice", $"once");
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                if (field.RealContainingOneof is { } oneof && !seen.Add($"oneof {oneof.Name}"))
                {
                    violations.Add(field.Name, $"is given beside another", $"one of {string.Join(", ", oneof.Fields.Select(f => f.Name))}");
                }

                writer.WritePropertyName(field.JsonName);
                Rewrite(property.Value, field, writer, violations);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Checks the parameters of a query.</summary>
    public static void Check(IEnumerable<KeyValuePair<string, StringValues>> query, MessageDescriptor message, Violations violations)
    {
        foreach ((string name, StringValues values) in query)
        {
            if (Find(message, name, violations) is not { } field)
            {
                continue;
            }

            if (values.Count != 1)
            {
                violations.Add(field.Name, $"is given {values.Count} times", $"once");
            }
            else if (!(ScalarOf(field) == FieldType.Bool
                ? bool.TryParse(values[0], out _)
                : ToNumber(field, values[0]) is not null || IsValid(field, JsonSerializer.Serialize(values[0]))))
            {
                violations.Add(field.Name, $"got another value", $"{Allowed(field)}");
            }
        }
    }

    private static FieldDescriptor? Find(MessageDescriptor message, string name, Violations violations)
    {
        FieldDescriptor? found = message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name || field.Name == name);
        if (found is null)
        {
            violations.Add(
                name.Length <= 64 ? name : $"{name[..64]}…", $"is no field of this request",
                $"{string.Join(", ", message.Fields.InDeclarationOrder().Select(field => field.JsonName))}");
        }

        return found;
    }

    private static void Rewrite(JsonElement value, FieldDescriptor field, Utf8JsonWriter writer, Violations violations)
    {
        string? text = value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => value.GetString(), _ => null };
        if (IsPlainMessage(field) && value.ValueKind == JsonValueKind.Object)
        {
            Rewrite(value, field.MessageType, writer, violations.In(field.Name));
        }
        else if (ToNumber(field, text) is { } number)
        {
            // As a text, where a reader that takes numbers for doubles would lose digits.
            writer.WriteRawValue(ScalarOf(field) == FieldType.Int64 ? $"\"{number}\"" : number);
        }
        else
        {
            if (IsPlainMessage(field) || !IsValid(field, value.GetRawText()))
            {
                // A text may be a prompt or a name: its kind is told, not what it says.
                string got = value.ValueKind switch
                {
                    JsonValueKind.String => "a text",
                    JsonValueKind.Object => "an object",
                    JsonValueKind.Array => "an array",
                    _ => value.GetRawText(),
                };
                violations.Add(field.Name, $"got {got}", $"{Allowed(field)}");
            }

            value.WriteTo(writer);
        }
    }

    // Google's parser reads every number as a double, which loses digits of an int64.
    private static string? ToNumber(FieldDescriptor field, string? text) => ScalarOf(field) switch
    {
        FieldType.Int32 => ToWhole(text, int.MinValue, int.MaxValue),
        FieldType.Int64 => ToWhole(text, long.MinValue, long.MaxValue),
        FieldType.Double when double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) =>
            number.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string? ToWhole(string? text, decimal min, decimal max) =>
        decimal.TryParse(
            text, Decimal, CultureInfo.InvariantCulture, out decimal number) && decimal.IsInteger(number) && number >= min && number <= max
            ? number.ToString("0", CultureInfo.InvariantCulture)
            : null;

    private static bool IsValid(FieldDescriptor field, string json)
    {
        // Whole numbers were read above, where they are some.
        if (ScalarOf(field) is FieldType.Int32 or FieldType.Int64)
        {
            return false;
        }

        try
        {
            JsonParser.Default.Parse($"{{\"{field.JsonName}\":{json}}}", field.ContainingType);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static bool IsPlainMessage(FieldDescriptor field) =>
        field is { FieldType: FieldType.Message, IsRepeated: false } && field.MessageType.File.Package != "google.protobuf";

    // A wrapper is spelled as the number or text that it holds.
    private static FieldType ScalarOf(FieldDescriptor field) => field switch
    {
        { IsRepeated: true } => FieldType.Message,
        { FieldType: FieldType.Message, MessageType: { File.Name: "google/protobuf/wrappers.proto" } wrapper } => wrapper.Fields[1].FieldType,
        _ => field.FieldType,
    };

    private static string Allowed(FieldDescriptor field) => ScalarOf(field) switch
    {
        FieldType.Int32 => "a whole number of 32 bits",
        FieldType.Int64 => "a whole number of 64 bits",
        FieldType.Double => "a number",
        FieldType.Bool => "true or false",
        FieldType.String => "a text",
        FieldType.Enum => string.Join(", ", field.EnumType.Values.Select(value => value.Name)),
        _ when field.IsMap => "an object of texts",
        _ when field.MessageType.FullName == "google.protobuf.Duration" => "a number of seconds such as \"90s\"",
        _ when field.MessageType.FullName == "google.protobuf.Timestamp" => "a time such as \"2026-11-28T12:00:00Z\"",
        _ => $"an object {field.MessageType.Name}",
    };
}
