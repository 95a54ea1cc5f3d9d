using System.Buffers.Binary;
using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Torch.Safetensors;

/// <summary>The content of a safetensors file in memory, header checked as that of a file is. Tensors are copies.</summary>
public sealed class SafetensorsBytes
{
    private readonly ReadOnlyMemory<byte> _data;

    private SafetensorsBytes(SafetensorsHeaderContent header, ReadOnlyMemory<byte> data)
    {
        (Tensors, Metadata, _data) = (header.Tensors, header.Metadata, data);
    }

    /// <summary>All tensors by name, in the header's order.</summary>
    public IReadOnlyDictionary<string, SafetensorInfo> Tensors { get; }

    /// <summary>The free text pairs of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Checks the header.</summary>
    /// <param name="name">What the content is, for errors.</param>
    /// <param name="content">The whole file.</param>
    /// <returns>The content by names.</returns>
    /// <exception cref="ModelFormatException">The header is broken or the data is not all there.</exception>
    public static SafetensorsBytes Parse(string name, ReadOnlyMemory<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ulong length = content.Length < 8 ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(content.Span);
        if (content.Length < 8 || length > (ulong)(content.Length - 8))
        {
            throw new ModelFormatException(name, $"{name}: {content.Length} bytes are too few for its header.");
        }

        SafetensorsHeaderContent header = SafetensorsHeaderParser.Parse(name, content.Span.Slice(8, (int)length));
        ReadOnlyMemory<byte> data = content[(8 + (int)length)..];
        return data.Length == header.DataLength
            ? new SafetensorsBytes(header, data)
            : throw new ModelFormatException(name, $"{name}: the header describes {header.DataLength} bytes of data, there are {data.Length}.");
    }

    /// <summary>A tensor's bytes, little-endian.</summary>
    /// <param name="info">One of <see cref="Tensors"/>.</param>
    /// <returns>The bytes; valid while the content is.</returns>
    public ReadOnlySpan<byte> Bytes(SafetensorInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return _data.Span.Slice((int)info.ByteOffset, (int)info.ByteLength);
    }

    /// <summary>A tensor on the CPU: a copy in the caller's dispose scope.</summary>
    /// <param name="info">One of <see cref="Tensors"/>.</param>
    /// <returns>The tensor.</returns>
    public Tensor Read(SafetensorInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        Tensor tensor = empty([.. info.Shape], info.DataType.ToScalarType());
        if (info.ByteLength > 0)
        {
            tensor.bytes = Bytes(info).ToArray();
        }

        return tensor;
    }
}
