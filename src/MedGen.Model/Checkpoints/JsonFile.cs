using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using MedGen.Sdk.Errors;

namespace MedGen.Model.Checkpoints;

/// <summary>Reads the JSON files of a model folder, with or without a byte order mark.</summary>
internal static class JsonFile
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The object that a file holds.</summary>
    /// <exception cref="ModelFormatException">It holds something else.</exception>
    public static JsonObject ReadObject(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            ReadOnlySpan<byte> bytes = Bytes(path);
            return !Utf8.IsValid(bytes)
                ? throw new ModelFormatException(name, $"{name} is not JSON: it is not UTF-8.")
                : JsonNode.Parse(bytes) as JsonObject ?? throw new ModelFormatException(name, $"{name} is not a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(name, $"{name} is not JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Its bytes without the mark.</summary>
    public static ReadOnlySpan<byte> Bytes(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        return bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
    }
}
