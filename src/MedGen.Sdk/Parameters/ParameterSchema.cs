using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Parameters;

/// <summary>
/// JSON Schemas for what a caller may choose. A record says each name, range and default once: names are its properties in snake_case, ranges come
/// from <see cref="RangeAttribute"/>, <see cref="StringLengthAttribute"/> and, of a list, <see cref="MinLengthAttribute"/>, words from
/// <see cref="DescriptionAttribute"/>, defaults from a new instance.
/// </summary>
public static class ParameterSchema
{
    /// <summary>The schema of those who take no parameters.</summary>
    public const string None = """{"type":"object","properties":{},"additionalProperties":false}""";

    /// <summary>The schema of those who do not say which parameters they take: an object of anything.</summary>
    public const string Any = """{"type":"object"}""";

    /// <summary>A JSON object without parameters.</summary>
    public const string NoParameters = "{}";

    // By type and held weakly: a plugin's types go when the plugin is unloaded.
    private static readonly ConditionalWeakTable<Type, JsonSerializerOptions> OptionsByType = [];

    /// <summary>The schema of a record.</summary>
    /// <typeparam name="T">A record of numbers, texts, booleans, enumerations and lists of these.</typeparam>
    /// <returns>A JSON Schema (2020-12) of an object that allows no other properties.</returns>
    public static string Of<T>()
        where T : class, new()
    {
        JsonSerializerOptions options = OptionsOf(typeof(T));
        JsonNode defaults = JsonSerializer.SerializeToNode(new T(), options)!;
        JsonNode schema = options.GetJsonSchemaAsNode(typeof(T), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => node is JsonObject rules && context.PropertyInfo is { } property
                ? Annotate(rules, property, context.Path.Length == 2 ? defaults[property.Name] : null)
                : node,
        });
        return schema.ToJsonString();
    }

    /// <summary>Reads parameters that keep the schema of a record.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="parameters">A JSON object.</param>
    /// <returns>The record; what is not given has its default.</returns>
    /// <exception cref="InvalidInputException">The text is no JSON of this record; the field is <c>parameters.NAME</c>.</exception>
    public static T Read<T>(string parameters)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(parameters, OptionsOf(typeof(T)))
                ?? throw new InvalidInputException("parameters", "got null; allowed: a JSON object.");
        }
        catch (JsonException exception)
        {
            string field = exception.Path is null or "$" ? "" : exception.Path.TrimStart('$');
            throw new InvalidInputException($"parameters{field}", exception.Message.Split(" Path: ")[0]);
        }
    }

    private static JsonSerializerOptions OptionsOf(Type type) => OptionsByType.GetValue(type, _ =>
    {
        JsonSerializerOptions options = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    });

    private static JsonObject Annotate(JsonObject rules, JsonPropertyInfo property, JsonNode? standard)
    {
        foreach (object attribute in property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [])
        {
            switch (attribute)
            {
                case DescriptionAttribute description:
                    rules["description"] = description.Description;
                    break;
                case RangeAttribute range:
                    rules[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum, null));
                    rules[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum, null));
                    break;
                case StringLengthAttribute length:
                    rules["minLength"] = length.MinimumLength;
                    rules["maxLength"] = length.MaximumLength;
                    break;
                case MinLengthAttribute entries:
                    rules["minItems"] = entries.Length;
                    break;
            }
        }

        if (standard is not null)
        {
            rules["default"] = standard.DeepClone();
        }

        return rules;
    }
}
