using System.Text.Json;
using MedGen.Sdk.Errors;

namespace MedGen.Torch.Safetensors;

/// <summary>
/// Parses and checks a header's JSON. A header is untrusted input: each number is read as a long, sizes are multiplied with overflow
/// checks, and the byte ranges must cover the data exactly once.
/// </summary>
internal static class SafetensorsHeaderParser
{
    private const string MetadataName = "__metadata__";

    public static SafetensorsHeaderContent Parse(string fileName, ReadOnlySpan<byte> json)
    {
        OrderedDictionary<string, SafetensorInfo> tensors = new(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        try
        {
            Utf8JsonReader reader = new(json);
            Expect(fileName, ref reader, JsonTokenType.StartObject, "the header");
            while (NextProperty(ref reader, out string name))
            {
                if (name == MetadataName)
                {
                    if (metadata is not null)
                    {
                        throw Error(fileName, $"{MetadataName} occurs twice");
                    }
                    metadata = ParseMetadata(fileName, ref reader);
                }
                else if (!tensors.TryAdd(name, ParseTensor(fileName, name, ref reader)))
                {
                    throw Error(fileName, $"tensor '{name}' occurs twice");
                }
            }
            // The end of the text: the reader accepts white space, which pads the header, and throws on anything else.
            reader.Read();
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(fileName, $"{fileName}: the header is not well-formed JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ModelFormatException(fileName, $"{fileName}: the header holds text that is not valid Unicode.", exception);
        }
        return new SafetensorsHeaderContent
        {
            Tensors = tensors,
            Metadata = metadata ?? [],
            DataLength = CheckCoverage(fileName, tensors.Values),
        };
    }

    private static SafetensorInfo ParseTensor(string fileName, string name, ref Utf8JsonReader reader)
    {
        string what = $"tensor '{name}'";
        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(fileName, ref reader, JsonTokenType.StartObject, what);
        while (NextProperty(ref reader, out string field))
        {
            bool repeated =
                field switch { "dtype" => typeName is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (repeated)
            {
                throw Error(fileName, $"{what}: {field} occurs twice");
            }
            switch (field)
            {
                case "dtype":
                    Expect(fileName, ref reader, JsonTokenType.String, $"dtype of {what}");
                    typeName = reader.GetString();
                    break;
                case "shape":
                    shape = ParseLongs(fileName, ref reader, $"shape of {what}");
                    break;
                case "data_offsets":
                    offsets = ParseLongs(fileName, ref reader, $"data_offsets of {what}");
                    break;
                default:
                    throw Error(fileName, $"{what}: unknown field '{field}'; allowed: dtype, shape and data_offsets");
            }
        }
        if (typeName is null || shape is null || offsets is null)
        {
            throw Error(fileName, $"{what}: dtype, shape and data_offsets are all needed");
        }
        if (!SafetensorsDataTypes.TryParse(typeName, out SafetensorsDataType type))
        {
            throw Error(fileName, $"{what}: unknown dtype '{typeName}'; allowed: {SafetensorsDataTypes.AllNames}");
        }
        if (offsets.Count != 2 || offsets[0] > offsets[1])
        {
            throw Error(fileName, $"{what}: data_offsets [{string.Join(", ", offsets)}] must be a begin and an end not before it");
        }
        long length = offsets[1] - offsets[0];
        long? needed = ByteLength(shape, type);
        if (needed != length)
        {
            string size = needed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "more than 2^63";
            throw Error(fileName, $"{what}: {typeName} [{string.Join(", ", shape)}] needs {size} bytes, data_offsets give {length}");
        }
        return new SafetensorInfo { Name = name, DataType = type, Shape = shape.AsReadOnly(), ByteOffset = offsets[0], ByteLength = length };
    }

    private static long? ByteLength(List<long> shape, SafetensorsDataType type)
    {
        try
        {
            // Of an empty tensor, too, the other sizes must be countable: torch multiplies them for its strides.
            long values = shape.Where(size => size > 0).Aggregate(1L, (product, size) => checked(product * size));
            return shape.Contains(0) ? 0 : checked(values * type.ItemSize());
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> ParseMetadata(string fileName, ref Utf8JsonReader reader)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        Expect(fileName, ref reader, JsonTokenType.StartObject, MetadataName);
        while (NextProperty(ref reader, out string key))
        {
            Expect(fileName, ref reader, JsonTokenType.String, $"{MetadataName} '{key}'");
            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw Error(fileName, $"{MetadataName} '{key}' occurs twice");
            }
        }
        return metadata;
    }

    private static List<long> ParseLongs(string fileName, ref Utf8JsonReader reader, string what)
    {
        List<long> values = [];
        Expect(fileName, ref reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value) || value < 0)
            {
                throw Error(fileName, $"{what}: every entry must be a whole number from 0 to 2^63 - 1");
            }
            values.Add(value);
        }
        return values;
    }

    private static long CheckCoverage(string fileName, IEnumerable<SafetensorInfo> tensors)
    {
        long end = 0;
        SafetensorInfo? previous = null;
        foreach (SafetensorInfo tensor in tensors.OrderBy(t => t.ByteOffset).ThenBy(t => t.ByteLength))
        {
            if (tensor.ByteOffset < end)
            {
                throw Error(
                    fileName,
                    $"tensor '{tensor.Name}' starts at byte {tensor.ByteOffset} and overlaps tensor '{previous!.Name}', which ends at {end}");
            }
            if (tensor.ByteOffset > end)
            {
                throw Error(fileName, $"bytes {end} to {tensor.ByteOffset} before tensor '{tensor.Name}' belong to no tensor");
            }
            end = tensor.ByteOffset + tensor.ByteLength;
            previous = tensor;
        }
        return end;
    }

    private static bool NextProperty(ref Utf8JsonReader reader, out string name)
    {
        reader.Read();
        bool isProperty = reader.TokenType == JsonTokenType.PropertyName;
        name = isProperty ? reader.GetString()! : "";
        return isProperty;
    }

    private static void Expect(string fileName, ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw Error(fileName, $"{what} must be {type}, got {reader.TokenType}");
        }
    }

    private static ModelFormatException Error(string fileName, string message) => new(fileName, $"{fileName}: {message}.");
}
