using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>JSON in the one form in which it is signed: read strictly, and refused where writing it again gives other bytes.</summary>
internal static class CanonicalJson
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = 8,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Json);

    /// <exception cref="InvalidInputException">It is too long, no such JSON, or in another form.</exception>
    public static T Read<T>(byte[] bytes, string name, int maxBytes)
    {
        if (bytes.Length > maxBytes)
        {
            throw new InvalidInputException(name, $"has {bytes.Length} bytes; allowed: {maxBytes}.");
        }

        try
        {
            RefuseNulls(bytes, default);
            T value = JsonSerializer.Deserialize<T>(bytes, Json) ?? throw new JsonException("it is null");
            return bytes.AsSpan().SequenceEqual(Write(value))
                ? value
                : throw new InvalidInputException(name, "is not in the form in which it is made: no blanks, every key once and in its place.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(name, $"is not what it should be: {PackPath.Shown(e.Message)}");
        }
    }

    /// <summary>Looks for nulls inside lists, too, where the serializer takes them.</summary>
    /// <exception cref="JsonException">There is one, or it is no JSON.</exception>
    public static void RefuseNulls(byte[] bytes, JsonReaderOptions options)
    {
        Utf8JsonReader reader = new(bytes, options);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                throw new JsonException("it holds a null.");
            }
        }
    }
}
