using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation.Options;

/// <summary>Reads the options of a method. An unknown key is an error: a misspelt option would otherwise silently have its default.</summary>
internal static class MethodOptions
{
    // Of the plugin's own, so that it holds the plugin's types only as long as the plugin lives.
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <exception cref="InvalidInputException">A key is unknown or a value is of another kind or out of range; it is named in snake_case.</exception>
    public static T Read<T>(string options)
        where T : class, IMethodOptions
    {
        T read;
        try
        {
            read = JsonSerializer.Deserialize<T>(options, Json) ?? throw new InvalidInputException("options", "is null; a JSON object is expected.");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(
                exception.Path is null or "$" ? "options" : exception.Path.TrimStart('$', '.'), exception.Message.Split(" Path: ")[0]);
        }

        Violations violations = new();
        violations.Declared(read);
        read.Check(violations);
        violations.ThrowIfAny();
        return read;
    }
}
