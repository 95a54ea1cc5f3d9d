using MedGen.Sdk.Errors;
using MedGen.Torch.Memory;
using static TorchSharp.torch;

namespace MedGen.Torch.Safetensors;

/// <summary>
/// An open safetensors file: a memory map, and tensors over it without a copy. Reading starts no input or output by itself; pages are
/// loaded when something looks at them. The file must not be truncated by others while it is open.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly SafetensorsHeader _header;
    private readonly MappedFile? _map;
    private bool _disposed;

    private SafetensorsFile(SafetensorsHeader header)
    {
        _header = header;
        // A file without data cannot be mapped and needs no map.
        _map = header.DataLength > 0 ? new MappedFile(header.FilePath) : null;
    }

    /// <summary>Path of the file.</summary>
    public string FilePath => _header.FilePath;

    /// <summary>All tensors by name, in the header's order.</summary>
    public IReadOnlyDictionary<string, SafetensorInfo> Tensors => _header.Tensors;

    /// <summary>The free text pairs of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    private string FileName => Path.GetFileName(FilePath);

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="ModelFormatException">The header is broken or the data is not all there.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new SafetensorsFile(SafetensorsHeader.Read(path));
    }

    internal SafetensorsHeader Header => _header;

    internal static SafetensorsFile Over(SafetensorsHeader header) => new(header);

    /// <summary>
    /// A tensor as it is stored, on the CPU, without a copy. It belongs to the caller (and to the current dispose scope), may outlive this
    /// file, and must never be written to: its pages are read-only, an in-place operation ends the process. A <c>F8_E4M3</c> tensor has
    /// torch's float8_e4m3fn type and a <c>F8_E5M2</c> one its float8_e5m2, which only conversions understand.
    /// </summary>
    /// <param name="name">Name of the tensor.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ModelFormatException">The file has no tensor of that name.</exception>
    public Tensor Read(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SafetensorInfo info = Find(name);
        if (info.ByteLength == 0)
        {
            return empty([.. info.Shape], info.DataType.ToScalarType());
        }

        long offset = _header.DataOffset + info.ByteOffset;
        if (info.Strides is { } strides)
        {
            using var scope = NewDisposeScope();
            Tensor values = _map!.Tensor(offset, [info.ByteLength / info.DataType.ItemSize()], info.DataType.ToScalarType());
            return values.as_strided([.. info.Shape], [.. strides]).clone().contiguous().MoveToOuterDisposeScope();
        }

        Tensor tensor = _map!.Tensor(offset, info.Shape, info.DataType.ToScalarType());
        if (offset % info.DataType.ItemSize() == 0)
        {
            return tensor;
        }

        // The format allows any offset; arithmetic on values that straddle their natural alignment is not everywhere allowed.
        using (tensor)
        {
            return tensor.clone();
        }
    }

    /// <summary>Whether a tensor holds neither NaN nor infinity. Reads its pages once, at the speed of memory, and allocates nothing.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <returns>True also for whole numbers.</returns>
    /// <exception cref="ModelFormatException">The file has no tensor of that name.</exception>
    public bool IsFinite(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SafetensorInfo info = Find(name);
        return info.ByteLength == 0 || _map!.IsFinite(_header.DataOffset + info.ByteOffset, info.ByteLength, info.DataType.ToScalarType());
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

    private SafetensorInfo Find(string name) => Tensors.TryGetValue(name, out SafetensorInfo? info)
        ? info
        : throw new ModelFormatException(FileName, $"{FileName} has no tensor '{name}'.");
}
