using MedGen.Sdk.Errors;
using MedGen.Torch.Memory;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Torch.Gguf;

/// <summary>An open GGUF file: a memory map, and weights over it without a copy.</summary>
internal sealed class GgufFile : IDisposable
{
    private readonly MappedFile? _map;
    private bool _disposed;

    public GgufFile(GgufHeader header)
    {
        Header = header;
        // A file without data needs no map.
        _map = header.DataLength > 0 ? new MappedFile(header.FilePath) : null;
    }

    /// <summary>The header.</summary>
    public GgufHeader Header { get; }

    /// <summary>Reads a tensor. It may outlive this file and must never be written to: its pages are read-only.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="shape">Its sizes, which may divide its values otherwise than the file does; null: the file's.</param>
    /// <returns>The weight; it belongs to the caller, its tensors to the current dispose scope.</returns>
    /// <exception cref="ModelFormatException">The file has no tensor of that name.</exception>
    public StoredWeight Read(string name, IReadOnlyList<long>? shape = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        GgufTensorInfo info = Find(name);
        shape ??= info.Shape;
        long offset = Header.DataOffset + info.ByteOffset;
        if (info.Type.NumberType() is { } numbers)
        {
            return _map!.Tensor(offset, shape, numbers);
        }

        int bytes = info.Type.BlockBytes();
        long blocks = info.ByteLength / bytes;
        (int first, int count) = info.Type.Scales();
        using Tensor halves = _map!.Tensor(offset, [blocks, bytes / 2], ScalarType.Float16); // [n, pairs of bytes]
        return new BlockWeight(info.Type, shape, _map.Tensor(offset, [blocks, bytes], ScalarType.Byte), halves.narrow(1, first, count));
    }

    /// <summary>Whether a tensor holds neither NaN nor infinity.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <returns>True where the numbers, or the scales of all blocks, are finite.</returns>
    /// <exception cref="ModelFormatException">The file has no tensor of that name.</exception>
    public bool IsFinite(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        GgufTensorInfo info = Find(name);
        long offset = Header.DataOffset + info.ByteOffset;
        if (info.Type.NumberType() is { } numbers)
        {
            return _map!.IsFinite(offset, info.ByteLength, numbers);
        }

        (int first, int count) = info.Type.Scales();
        return _map!.AreFinite(offset, info.ByteLength, info.Type.BlockBytes(), first, count);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _map?.Release();
        }
    }

    private GgufTensorInfo Find(string name)
    {
        string file = Path.GetFileName(Header.FilePath);
        return Header.Tensors.TryGetValue(name, out GgufTensorInfo? info)
            ? info
            : throw new ModelFormatException(file, $"{file} has no tensor '{name}'.");
    }
}
