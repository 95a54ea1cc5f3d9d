using System.Text.Json;
using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Weights;

/// <summary>How ComfyUI states the format of a layer: <c>{"format": "float8_e4m3fn"}</c>.</summary>
internal static class QuantizationFormat
{
    private static readonly Dictionary<string, SafetensorsDataType> Formats = new()
    {
        ["float8_e4m3fn"] = SafetensorsDataType.F8E4M3,
        ["float8_e5m2"] = SafetensorsDataType.F8E5M2,
        ["int8_tensorwise"] = SafetensorsDataType.I8,
    };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Parses a statement's JSON.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="what">What is read, for errors.</param>
    /// <exception cref="InvalidDataException">It is no JSON object.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json, string what)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InvalidDataException($"{what} is {document.RootElement.ValueKind}, not a JSON object");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{what} is not JSON: {exception.Message}", exception);
        }
    }

    /// <summary>The number type that a statement names.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="what">Whose it is, for errors.</param>
    /// <exception cref="InvalidDataException">It names another format, or states what would change the weights and is not undone.</exception>
    public static SafetensorsDataType TypeOf(JsonElement statement, string what)
    {
        SafetensorsDataType? type = null;
        foreach (JsonProperty property in statement.EnumerateObject())
        {
            switch (property.Name)
            {
                case "format":
                    type = property.Value.ValueKind == JsonValueKind.String
                        && Formats.TryGetValue(property.Value.GetString()!, out SafetensorsDataType known)
                        ? known
                        : throw new InvalidDataException(
                            $"{what} states the format {property.Value.GetRawText()}; supported: {string.Join(", ", Formats.Keys)}");
                    break;
                case "convrot" when property.Value.ValueKind == JsonValueKind.True:
                    throw new InvalidDataException($"{what} states convrot: its weights are rotated, which is not undone here");
                case "full_precision_matrix_mult": // products are never in 8 bits here
                case "convrot_groupsize": // of a rotation, which convrot switches on
                    break;
                default:
                    ThrowIfOn(property, what);
                    break;
            }
        }

        return type ?? throw new InvalidDataException($"{what} states no format; supported: {string.Join(", ", Formats.Keys)}");
    }

    /// <summary>Refuses a statement that nothing here understands, unless it is switched off.</summary>
    /// <param name="property">The statement.</param>
    /// <param name="what">Whose it is, for errors.</param>
    /// <exception cref="InvalidDataException">It is on.</exception>
    public static void ThrowIfOn(JsonProperty property, string what)
    {
        if (property.Value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null))
        {
            throw new InvalidDataException($"{what} states {property.Name} {property.Value.GetRawText()}, which is not supported");
        }
    }
}
