using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Inference;
using MedGen.Sdk.Errors;

namespace MedGen.Host.KServe;

/// <summary>
/// Reads a request of the protocol as JSON. Behind the JSON the elements of inputs may follow as bytes (Triton's binary_tensor_data): the header
/// Inference-Header-Content-Length tells where they begin, <c>binary_data_size</c> of an input how many are its.
/// </summary>
internal sealed class InferenceJson
{
    private const string BinarySize = "binary_data_size";
    private const string BinaryOutput = "binary_data_output";
    private const string BinaryData = "binary_data";
    private const string ContentType = "content_type";

    private readonly Violations _violations = new();
    private readonly Dictionary<string, bool> _binary = [];
    private ReadOnlyMemory<byte> _rest;
    private bool _isBinary;

    /// <summary>The request; its inputs are raw.</summary>
    public ModelInferRequest Request { get; } = new();

    /// <summary>Whether an output is wanted as bytes: as it says itself, or else as the request says of all.</summary>
    public bool IsBinary(string output) => _binary.GetValueOrDefault(output, _isBinary);

    /// <summary>Reads a request.</summary>
    /// <param name="body">The JSON, and the bytes behind it.</param>
    /// <param name="jsonLength">Length of the JSON.</param>
    /// <exception cref="InvalidInputException">It is none; the fields are named.</exception>
    public static InferenceJson Read(ReadOnlyMemory<byte> body, int jsonLength)
    {
        InferenceJson read = new() { _rest = body[jsonLength..] };
        try
        {
            using JsonDocument json = JsonDocument.Parse(body[..jsonLength], new JsonDocumentOptions { AllowDuplicateProperties = false });
            read.ReadRequest(json.RootElement);
        }
        catch (JsonException malformed)
        {
            throw new InvalidInputException(
                "body",
                $"Is not JSON in UTF-8, or names a field twice: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // The parser looks at the bytes of a text only when it is read.
            throw new InvalidInputException("body", "Is not JSON in UTF-8: a text in it has other bytes.");
        }

        read._violations.Require(read._rest.IsEmpty, "body", $"has {read._rest.Length} bytes more than its inputs say", $"none");
        read._violations.ThrowIfAny();
        return read;
    }

    private void ReadRequest(JsonElement json)
    {
        foreach (JsonProperty field in Fields(json, "body", _violations))
        {
            switch (field.Name)
            {
                case "id" when field.Value.ValueKind == JsonValueKind.String:
                    Request.Id = field.Value.GetString()!;
                    break;
                case "parameters":
                    ReadParameters(field.Value, Request.Parameters, _violations);
                    break;
                case "inputs":
                    Each(field.Value, "inputs", ReadInput);
                    break;
                case "outputs":
                    Each(field.Value, "outputs", ReadOutput);
                    break;
                default:
                    _violations.Add(Shown(field.Name), $"is no field of a request, or of another kind", $"id, parameters, inputs, outputs");
                    break;
            }
        }

        _isBinary = TakeFlag(Request.Parameters, BinaryOutput, _violations);
    }

    private void ReadOutput(JsonElement json, Violations at)
    {
        ModelInferRequest.Types.InferRequestedOutputTensor output = new();
        foreach (JsonProperty field in Fields(json, "name", at))
        {
            if (field.Name == "name" && field.Value.ValueKind == JsonValueKind.String)
            {
                output.Name = field.Value.GetString()!;
            }
            else if (field.Name == "parameters")
            {
                ReadParameters(field.Value, output.Parameters, at);
            }
            else
            {
                at.Add(Shown(field.Name), $"is no field of an output, or of another kind", $"name, parameters");
            }
        }

        if (output.Parameters.TryGetValue(BinaryData, out _))
        {
            _binary[output.Name] = TakeFlag(output.Parameters, BinaryData, at);
        }

        Request.Outputs.Add(output);
    }

    private void ReadInput(JsonElement json, Violations at)
    {
        ModelInferRequest.Types.InferInputTensor input = new();
        JsonElement? data = null;
        foreach (JsonProperty field in Fields(json, "name", at))
        {
            switch (field.Name)
            {
                case "name" when field.Value.ValueKind == JsonValueKind.String:
                    input.Name = field.Value.GetString()!;
                    break;
                case "datatype" when field.Value.ValueKind == JsonValueKind.String:
                    input.Datatype = field.Value.GetString()!;
                    break;
                case "shape" when field.Value.ValueKind == JsonValueKind.Array:
                    input.Shape.Add(field.Value.EnumerateArray().Select(side =>
                        side.ValueKind == JsonValueKind.Number && side.TryGetInt64(out long size) ? size : -1));
                    break;
                case "parameters":
                    ReadParameters(field.Value, input.Parameters, at);
                    break;
                case "data" when field.Value.ValueKind == JsonValueKind.Array:
                    data = field.Value;
                    break;
                default:
                    at.Add(
                        Shown(field.Name), $"is no field of an input, or of another kind", $"name, datatype, shape, parameters, data");
                    break;
            }
        }

        Request.Inputs.Add(input);
        Request.RawInputContents.Add(ContentsOf(input, data, at));
    }

    private ByteString ContentsOf(ModelInferRequest.Types.InferInputTensor input, JsonElement? data, Violations at)
    {
        if (input.Parameters.Remove(BinarySize, out InferParameter? size) && size is not null)
        {
            at.Require(data is null, "data", $"is given beside {BinarySize}", $"one of the two");
            if (!size.HasInt64Param || size.Int64Param < 0 || size.Int64Param > _rest.Length)
            {
                at.Add($"parameters.{BinarySize}", $"got another value", $"0 to the {_rest.Length} bytes that are left");
                return ByteString.Empty;
            }

            ByteString bytes = ByteString.CopyFrom(_rest[..(int)size.Int64Param].Span);
            _rest = _rest[(int)size.Int64Param..];
            return bytes;
        }

        using MemoryStream contents = new();
        if (data is not { } elements)
        {
            at.Add("data", $"is missing", $"an array, or {BinarySize}");
        }
        else if (input.Datatype == "BYTES")
        {
            WriteText(input, elements, contents, at);
        }
        else if (!WriteBytes(elements, contents))
        {
            at.Add("data", $"holds something else", $"whole numbers from 0 to 255, in arrays of any depth");
        }

        return ByteString.CopyFrom(contents.ToArray());
    }

    // A file is base64 here, for JSON has no bytes.
    private static void WriteText(ModelInferRequest.Types.InferInputTensor input, JsonElement elements, MemoryStream contents, Violations at)
    {
        string? text = elements.GetArrayLength() == 1 && elements[0].ValueKind == JsonValueKind.String ? elements[0].GetString() : null;
        string kind = input.Parameters.TryGetValue(ContentType, out InferParameter? said) ? said.StringParam : "";
        byte[]? value = text is null ? null
            : kind == "artifact_id" ? Encoding.UTF8.GetBytes(text)
            : kind == "base64" && elements[0].TryGetBytesFromBase64(out byte[]? file) ? file
            : null;
        if (value is null)
        {
            at.Add("data", $"holds something else", $"one text: a file in base64 ({ContentType} base64), or an id ({ContentType} artifact_id)");
            return;
        }

        if (kind == "base64")
        {
            input.Parameters.Remove(ContentType);
        }

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)value.Length);
        contents.Write(length);
        contents.Write(value);
    }

    private static bool WriteBytes(JsonElement elements, MemoryStream contents)
    {
        foreach (JsonElement element in elements.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                if (!WriteBytes(element, contents))
                {
                    return false;
                }
            }
            else if (element.ValueKind == JsonValueKind.Number && element.TryGetByte(out byte value))
            {
                contents.WriteByte(value);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadParameters(JsonElement json, MapField<string, InferParameter> parameters, Violations at)
    {
        foreach (JsonProperty field in Fields(json, "parameters", at))
        {
            InferParameter? value = field.Value.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False => new InferParameter { BoolParam = field.Value.GetBoolean() },
                JsonValueKind.String => new InferParameter { StringParam = field.Value.GetString() },
                JsonValueKind.Number when field.Value.TryGetInt64(out long whole) => new InferParameter { Int64Param = whole },
                JsonValueKind.Number when double.IsFinite(field.Value.GetDouble()) => new InferParameter { DoubleParam = field.Value.GetDouble() },
                _ => null,
            };
            if (value is null)
            {
                at.Add($"parameters.{Shown(field.Name)}", $"got another kind", $"a number, a text, true or false");
            }
            else
            {
                parameters[field.Name] = value;
            }
        }
    }

    private static bool TakeFlag(MapField<string, InferParameter> parameters, string name, Violations at)
    {
        bool isGiven = parameters.Remove(name, out InferParameter? flag);
        at.Require(!isGiven || flag!.HasBoolParam, $"parameters.{name}", $"got another kind", $"true or false");
        return isGiven && flag!.BoolParam;
    }

    private void Each(JsonElement json, string name, Action<JsonElement, Violations> read)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            _violations.Add(name, $"got no array", $"an array");
            return;
        }

        foreach ((int index, JsonElement one) in json.EnumerateArray().Index())
        {
            read(one, _violations.In($"{name}[{index}]"));
        }
    }

    private static JsonProperty[] Fields(JsonElement json, string name, Violations at)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            return [.. json.EnumerateObject()];
        }

        at.Add(name, $"got no object", $"an object");
        return [];
    }

    private static string Shown(string name) => name.Length <= 64 ? name : $"{name[..64]}…";
}
