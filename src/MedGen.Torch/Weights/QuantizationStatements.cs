using System.Text;
using System.Text.Json;
using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Weights;

/// <summary>The number types that a safetensors file states for its layers, in a tensor of each layer or in the header's metadata.</summary>
internal static class QuantizationStatements
{
    private const string MetadataKey = "_quantization_metadata";
    private const string KnownVersion = "1.0";
    private const int LongestStatement = 1 << 16;

    // Some writers name the layers in the metadata without the prefix that the tensors have.
    private const string Prefix = "model.diffusion_model.";

    /// <summary>Reads them.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="companions">Its tensors.</param>
    /// <returns>Stated number type by module name.</returns>
    /// <exception cref="InvalidDataException">A statement is not understood, contradicts another, or is of no layer.</exception>
    public static Dictionary<string, SafetensorsDataType> Read(SafetensorsHeader header, WeightCompanions companions)
    {
        Dictionary<string, SafetensorsDataType> stated = new(StringComparer.Ordinal);
        using FileStream? file = companions.Statements.Count > 0
            ? new FileStream(header.FilePath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0)
            : null;
        foreach ((string module, SafetensorInfo tensor) in companions.Statements)
        {
            if (Content(file!, header, tensor) is { } json)
            {
                stated.Add(module, QuantizationFormat.TypeOf(QuantizationFormat.Parse(json, $"'{tensor.Name}'"), $"'{tensor.Name}'"));
            }
        }

        if (header.Metadata.TryGetValue(MetadataKey, out string? text))
        {
            HashSet<string> modules = [.. companions.Weights.Select(weight => WeightCompanions.ModuleOf(weight.Name)).OfType<string>()];
            foreach ((string layer, SafetensorsDataType type) in Layers(text))
            {
                string module = modules.Contains(layer) ? layer
                    : modules.Contains(Prefix + layer) ? Prefix + layer
                    : throw new InvalidDataException($"{MetadataKey} names the layer '{layer}', of which there is no weight");
                if (!stated.TryAdd(module, type) && stated[module] != type)
                {
                    throw new InvalidDataException($"'{companions.Statements[module].Name}' and {MetadataKey} state different formats");
                }
            }
        }

        return stated;
    }

    private static List<(string Layer, SafetensorsDataType Type)> Layers(string text)
    {
        List<(string, SafetensorsDataType)> layers = [];
        foreach (JsonProperty property in QuantizationFormat.Parse(Encoding.UTF8.GetBytes(text), MetadataKey).EnumerateObject())
        {
            switch (property.Name)
            {
                case "format_version" when property.Value.ValueKind != JsonValueKind.String || property.Value.GetString() != KnownVersion:
                    throw new InvalidDataException(
                        $"{MetadataKey} has the format_version {property.Value.GetRawText()}; allowed: \"{KnownVersion}\"");
                case "format_version":
                    break;
                case "layers" when property.Value.ValueKind == JsonValueKind.Object:
                    layers.AddRange(property.Value.EnumerateObject().Select(layer => (layer.Name, TypeOf(layer))));
                    break;
                default:
                    QuantizationFormat.ThrowIfOn(property, MetadataKey);
                    break;
            }
        }

        return layers;
    }

    private static SafetensorsDataType TypeOf(JsonProperty layer) => layer.Value.ValueKind == JsonValueKind.Object
        ? QuantizationFormat.TypeOf(layer.Value, $"{MetadataKey} of '{layer.Name}'")
        : throw new InvalidDataException($"{MetadataKey} of '{layer.Name}' is {layer.Value.ValueKind}, not a JSON object");

    // Null: the file's data is not there yet.
    private static byte[]? Content(FileStream file, SafetensorsHeader header, SafetensorInfo tensor)
    {
        if (tensor.DataType != SafetensorsDataType.U8 || tensor.ByteLength > LongestStatement)
        {
            throw new InvalidDataException(
                $"'{tensor.Name}' is {tensor.DataType.HeaderName()} of {tensor.ByteLength} bytes; allowed: U8, at most {LongestStatement}");
        }

        long offset = header.DataOffset + tensor.ByteOffset;
        if (offset + tensor.ByteLength > file.Length)
        {
            return null;
        }

        byte[] content = new byte[tensor.ByteLength];
        file.Position = offset;
        file.ReadExactly(content);
        return content;
    }
}
