using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Gguf;

/// <summary>
/// The validated header of a GGUF file of version 3: statements and tensors by name. Nothing of the data is read.
/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
/// </summary>
public sealed class GgufHeader
{
    /// <summary>The version that is read.</summary>
    public const uint Version = 3;

    private const string AlignmentKey = "general.alignment";
    private const long DefaultAlignment = 32;
    private const int MostDimensions = 5;

    private GgufHeader(
        string path, long fileLength, IReadOnlyDictionary<string, object> metadata, IReadOnlyDictionary<string, GgufTensorInfo> tensors,
        long headerEnd, long alignment)
    {
        (FilePath, FileLength, Metadata, Tensors) = (path, fileLength, metadata, tensors);
        DataOffset = Align(headerEnd, alignment);
        DataLength = tensors.Values.Select(tensor => tensor.ByteOffset + tensor.ByteLength).DefaultIfEmpty().Max();
    }

    /// <summary>Path of the file.</summary>
    public string FilePath { get; }

    /// <summary>Length of the file in bytes.</summary>
    public long FileLength { get; }

    /// <summary>The statements by key: text, whole number (<see cref="long"/>), <see cref="double"/>, <see cref="bool"/> or
    /// <see cref="GgufArray"/>.</summary>
    public IReadOnlyDictionary<string, object> Metadata { get; }

    /// <summary>All tensors by name, in the header's order.</summary>
    public IReadOnlyDictionary<string, GgufTensorInfo> Tensors { get; }

    /// <summary>First byte of the data in the file.</summary>
    public long DataOffset { get; }

    /// <summary>Length in bytes of the data that the header describes.</summary>
    public long DataLength { get; }

    /// <summary>Bytes of data that the file lacks; 0 for a whole file, more for one that was read with <c>requireData: false</c>.</summary>
    public long MissingBytes => Math.Max(0, DataOffset + DataLength - FileLength);

    /// <summary>Reads and validates a header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="requireData">False also accepts a file whose data is not there (yet), see <see cref="MissingBytes"/>.</param>
    /// <returns>The header.</returns>
    /// <exception cref="ModelFormatException">It is no GGUF file of version 3, is broken, or holds a tensor of a type that is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static GgufHeader Read(string path, bool requireData = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileName(path);
        GitLfsPointer.ThrowIfPointer(path);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            GgufHeader header = Read(path, stream);
            return requireData && header.MissingBytes > 0
                ? throw new InvalidDataException(
                    $"its tensors reach to byte {header.DataOffset + header.DataLength}, the file has {header.FileLength} bytes: it is cut off")
                : header;
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException(name, $"{name} cannot be read as GGUF: {exception.Message}.", exception);
        }
    }

    private static GgufHeader Read(string path, FileStream stream)
    {
        GgufCursor cursor = new(stream);
        uint magic = cursor.U32("the magic number");
        if (magic != BitConverter.ToUInt32("GGUF"u8))
        {
            throw new InvalidDataException($"it starts with 0x{magic:X8}, not with 'GGUF'");
        }

        uint version = cursor.U32("the version");
        if (version != Version)
        {
            throw new InvalidDataException($"its version is {version}; allowed: {Version}");
        }

        ulong tensorCount = cursor.U64("the number of tensors");
        ulong keyCount = cursor.U64("the number of keys");
        Dictionary<string, object> metadata = new(StringComparer.Ordinal);
        for (ulong i = 0; i < keyCount; i++)
        {
            string key = cursor.Name($"key {i} of {keyCount}");
            if (!metadata.TryAdd(key, cursor.Value($"'{key}'")))
            {
                throw new InvalidDataException($"key '{key}' occurs twice");
            }
        }

        long alignment = Alignment(metadata);
        OrderedDictionary<string, GgufTensorInfo> tensors = new(StringComparer.Ordinal);
        for (ulong i = 0; i < tensorCount; i++)
        {
            GgufTensorInfo tensor = Tensor(cursor, $"tensor {i} of {tensorCount}", alignment);
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                throw new InvalidDataException($"tensor '{tensor.Name}' occurs twice");
            }
        }

        ThrowIfOverlapping(tensors.Values);
        return new GgufHeader(path, stream.Length, metadata, tensors, cursor.Position, alignment);
    }

    private static long Alignment(Dictionary<string, object> metadata) => metadata.GetValueOrDefault(AlignmentKey, DefaultAlignment) switch
    {
        long value and >= 8 and <= 1 << 20 when value % 8 == 0 => value,
        object other => throw new InvalidDataException($"{AlignmentKey} is {other}; allowed: multiples of 8 up to {1 << 20}"),
    };

    private static GgufTensorInfo Tensor(GgufCursor cursor, string what, long alignment)
    {
        string name = cursor.Name($"the name of {what}");
        what = $"tensor '{name}'";
        uint dimensions = cursor.U32($"the dimensions of {what}");
        if (dimensions is 0 or > MostDimensions)
        {
            throw new InvalidDataException($"{what} has {dimensions} dimensions; allowed: 1 to {MostDimensions}");
        }

        List<long> shape = [];
        for (uint i = 0; i < dimensions; i++)
        {
            ulong size = cursor.U64($"the sizes of {what}");
            shape.Insert(0, size is > 0 and <= long.MaxValue ? (long)size : throw new InvalidDataException($"{what} has a size of {size}"));
        }

        uint number = cursor.U32($"the type of {what}");
        if (!Enum.IsDefined((GgufType)number))
        {
            throw new InvalidDataException($"{what} has the type {GgufTypes.NameOf(number)}; supported: {GgufTypes.AllNames}");
        }

        GgufType type = (GgufType)number;
        ulong offset = cursor.U64($"the offset of {what}");
        if (offset > long.MaxValue || (long)offset % alignment != 0)
        {
            throw new InvalidDataException($"{what} starts at byte {offset} of the data; allowed: multiples of {alignment}");
        }

        return new GgufTensorInfo
        {
            Name = name, Type = type, Shape = shape.AsReadOnly(), ByteOffset = (long)offset, ByteLength = ByteLength(what, type, shape, (long)offset),
        };
    }

    private static long ByteLength(string what, GgufType type, List<long> shape, long offset)
    {
        if (shape[^1] % type.BlockValues() != 0)
        {
            throw new InvalidDataException($"{what} has rows of {shape[^1]} values; {type.GgmlName()} needs multiples of {type.BlockValues()}");
        }

        try
        {
            long values = shape.Aggregate(1L, (product, size) => checked(product * size));
            long length = checked(values / type.BlockValues() * type.BlockBytes());
            _ = checked(offset + length + (1L << 40));
            return length;
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"{what} {type.GgmlName()} [{string.Join(", ", shape)}] at byte {offset} needs more than 2^63 bytes");
        }
    }

    private static void ThrowIfOverlapping(IEnumerable<GgufTensorInfo> tensors)
    {
        GgufTensorInfo? previous = null;
        foreach (GgufTensorInfo tensor in tensors.OrderBy(tensor => tensor.ByteOffset))
        {
            if (previous is not null && tensor.ByteOffset < previous.ByteOffset + previous.ByteLength)
            {
                throw new InvalidDataException(
                    $"tensor '{tensor.Name}' starts at byte {tensor.ByteOffset} and overlaps tensor '{previous.Name}', which ends at "
                        + $"{previous.ByteOffset + previous.ByteLength}");
            }

            previous = tensor;
        }
    }

    private static long Align(long position, long alignment) => (position + alignment - 1) / alignment * alignment;
}
