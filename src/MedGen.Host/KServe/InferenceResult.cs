using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Inference;

namespace MedGen.Host.KServe;

/// <summary>Answers an inference as JSON; outputs that are wanted as bytes follow behind it (Triton's binary_tensor_data).</summary>
internal sealed class InferenceResult(ModelInferResponse answer, InferenceJson asked) : IResult
{
    /// <summary>The header that says where the JSON of a body ends.</summary>
    public const string JsonLength = "Inference-Header-Content-Length";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using MemoryStream json = new();
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(json))
        {
            Write(writer, bytes);
        }

        HttpResponse response = httpContext.Response;
        response.ContentType = bytes.Length > 0 ? "application/octet-stream" : "application/json";
        if (bytes.Length > 0)
        {
            response.Headers[JsonLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        }

        response.ContentLength = json.Length + bytes.Length;
        await response.Body.WriteAsync(json.ToArray(), httpContext.RequestAborted).ConfigureAwait(false);
        await response.Body.WriteAsync(bytes.ToArray(), httpContext.RequestAborted).ConfigureAwait(false);
    }

    private void Write(Utf8JsonWriter writer, MemoryStream bytes)
    {
        writer.WriteStartObject();
        writer.WriteString("model_name", answer.ModelName);
        writer.WriteString("model_version", answer.ModelVersion);
        if (answer.Id.Length > 0)
        {
            writer.WriteString("id", answer.Id);
        }

        if (answer.Parameters.Count > 0)
        {
            writer.WriteStartObject("parameters");
            foreach ((string name, InferParameter value) in answer.Parameters)
            {
                writer.WriteString(name, value.StringParam);
            }

            writer.WriteEndObject();
        }

        writer.WriteStartArray("outputs");
        foreach (ModelInferResponse.Types.InferOutputTensor output in answer.Outputs)
        {
            Write(writer, output, bytes);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer, ModelInferResponse.Types.InferOutputTensor output, MemoryStream bytes)
    {
        writer.WriteStartObject();
        writer.WriteString("name", output.Name);
        writer.WriteString("datatype", output.Datatype);
        writer.WriteStartArray("shape");
        foreach (long side in output.Shape)
        {
            writer.WriteNumberValue(side);
        }

        writer.WriteEndArray();
        if (asked.IsBinary(output.Name))
        {
            long before = bytes.Length;
            WriteBytes(output.Contents, bytes);
            writer.WriteStartObject("parameters");
            writer.WriteNumber("binary_data_size", bytes.Length - before);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteStartArray("data");
            WriteValues(writer, output.Contents);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter writer, InferTensorContents contents)
    {
        foreach (ByteString text in contents.BytesContents)
        {
            writer.WriteStringValue(text.Span);
        }

        foreach (float value in contents.Fp32Contents)
        {
            writer.WriteNumberValue(value);
        }

        foreach (double value in contents.Fp64Contents)
        {
            writer.WriteNumberValue(value);
        }
    }

    private static void WriteBytes(InferTensorContents contents, MemoryStream bytes)
    {
        Span<byte> number = stackalloc byte[8];
        foreach (ByteString text in contents.BytesContents)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)text.Length);
            bytes.Write(number[..4]);
            bytes.Write(text.Span);
        }

        foreach (float value in contents.Fp32Contents)
        {
            BinaryPrimitives.WriteSingleLittleEndian(number, value);
            bytes.Write(number[..4]);
        }

        foreach (double value in contents.Fp64Contents)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(number, value);
            bytes.Write(number);
        }
    }
}
