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

    /// <summary>As the other, for tensors that are made one after the other while they are written.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="entries">The tensors, in the order in which they are written.</param>
    /// <param name="metadata">Free text pairs for the header; null: none.</param>
    /// <exception cref="InvalidOperationException">An entry made a tensor of another shape than it said.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(entries);
        WholeFile.Write(path, temporary =>
        {
            using FileStream stream = new(temporary, FileMode.Create, FileAccess.Write);
            WriteHeader(stream, Header([.. entries.Select(entry => (entry.Name, entry.Type, entry.Shape))], metadata));
            foreach (SafetensorsEntry entry in entries)
            {
                using var scope = NewDisposeScope();
                Tensor tensor = entry.Make().to_type(entry.Type.ToScalarType());
                if (!tensor.shape.SequenceEqual(entry.Shape))
                {
                    throw new InvalidOperationException($"'{entry.Name}' has another shape than the header says.");
                }

                WriteData(stream, tensor);
            }
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
        WriteHeader(
            stream, Header([.. tensors.Select(pair => (pair.Key, TypeOf(pair.Key, pair.Value), (IReadOnlyList<long>)pair.Value.shape))], metadata));
        foreach (Tensor tensor in tensors.Values)
        {
            WriteData(stream, tensor);
        }
    }

    private static void WriteHeader(Stream stream, byte[] header)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
    }

    private static byte[] Header(
        IReadOnlyList<(string Name, SafetensorsDataType Type, IReadOnlyList<long> Shape)> tensors, IReadOnlyDictionary<string, string>? metadata)
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
            foreach ((string name, SafetensorsDataType type, IReadOnlyList<long> shape) in tensors)
            {
                long end = offset + (shape.Aggregate(1L, (product, size) => product * size) * type.ItemSize());
                json.WriteStartObject(name);
                json.WriteString("dtype", type.HeaderName());
                json.WritePropertyName("shape");
                JsonSerializer.Serialize(json, shape);
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
