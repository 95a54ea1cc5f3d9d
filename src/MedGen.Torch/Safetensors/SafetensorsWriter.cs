using System.Buffers.Binary;
using System.Text.Json;
using MedGen.Sdk.Files;
using MedGen.Torch.Memory;
using static TorchSharp.torch;

namespace MedGen.Torch.Safetensors;

/// <summary>Writes safetensors files: header padded with spaces to 8 bytes, tensors in the given order, data little-endian.</summary>
public static class SafetensorsWriter
{
    private const int CopySize = 1 << 24;

    /// <summary>Writes a file. It appears under its name only when it is whole.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">Tensors by name, on any device; left as they are.</param>
    /// <param name="metadata">Free text pairs for the header; null: none.</param>
    /// <exception cref="ArgumentException">A tensor has a number type that the format does not know.</exception>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        WholeFile.Write(path, temporary =>
        {
            using FileStream stream = new(temporary, FileMode.Create, FileAccess.Write);
            Write(stream, tensors, metadata);
        });
    }

    /// <summary>Writes the content of a file to a stream.</summary>
    /// <param name="stream">Where to write; it stays open.</param>
    /// <param name="tensors">Tensors by name, on any device; left as they are.</param>
    /// <param name="metadata">Free text pairs for the header; null: none.</param>
    /// <exception cref="ArgumentException">A tensor has a number type that the format does not know.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        byte[] header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (Tensor tensor in tensors.Values)
        {
            WriteData(stream, tensor);
        }
    }

    private static byte[] Header(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WritePropertyName("__metadata__");
                JsonSerializer.Serialize(json, metadata);
            }

            long offset = 0;
            foreach ((string name, Tensor tensor) in tensors)
            {
                SafetensorsDataType type = TypeOf(name, tensor);
                long end = offset + (tensor.numel() * type.ItemSize());
                json.WriteStartObject(name);
                json.WriteString("dtype", type.HeaderName());
                json.WritePropertyName("shape");
                JsonSerializer.Serialize(json, tensor.shape);
                json.WritePropertyName("data_offsets");
                JsonSerializer.Serialize(json, new[] { offset, end });
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        int padding = (int)(-buffer.Length & 7);
        buffer.Write("        "u8[..padding]);
        return buffer.ToArray();
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return;
        }

        using Tensor local = tensor.cpu();
        using Tensor flat = local.contiguous();
        long total = flat.numel() * TypeOf("", flat).ItemSize();
        for (long at = 0; at < total; at += CopySize)
        {
            stream.Write(NativeTensor.Bytes(flat, at, (int)Math.Min(CopySize, total - at)));
        }
    }

    private static SafetensorsDataType TypeOf(string name, Tensor tensor) => SafetensorsDataTypes.TryFrom(tensor.dtype, out SafetensorsDataType type)
        ? type
        : throw new ArgumentException($"Tensor '{name}' is {tensor.dtype}; allowed: {SafetensorsDataTypes.AllNames}.", nameof(tensor));
}
