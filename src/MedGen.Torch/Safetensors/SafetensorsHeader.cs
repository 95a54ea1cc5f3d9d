using System.Buffers.Binary;
using MedGen.Sdk.Errors;

namespace MedGen.Torch.Safetensors;

/// <summary>
/// The validated header of a safetensors file: 8 bytes little-endian length, JSON, data. Nothing of the data is read.
/// Format: https://github.com/huggingface/safetensors.
/// </summary>
public sealed class SafetensorsHeader
{
    /// <summary>Longest accepted header in bytes: 100 MB, the limit of the format's own implementation.</summary>
    public const long MaxHeaderLength = 100_000_000;

    private SafetensorsHeader(string path, long fileLength, long dataOffset, SafetensorsHeaderContent content)
    {
        FilePath = path;
        FileLength = fileLength;
        DataOffset = dataOffset;
        Tensors = content.Tensors;
        Metadata = content.Metadata;
        DataLength = content.DataLength;
    }

    /// <summary>A header that another format's reader has made; offsets count from the start of the file.</summary>
    internal static SafetensorsHeader Of(string path, long fileLength, IReadOnlyDictionary<string, SafetensorInfo> tensors) =>
        new(
            path, fileLength, 0,
            new SafetensorsHeaderContent { Tensors = tensors, Metadata = new Dictionary<string, string>(), DataLength = fileLength });

    /// <summary>Path of the file.</summary>
    public string FilePath { get; }

    /// <summary>Length of the file in bytes.</summary>
    public long FileLength { get; }

    /// <summary>First byte of the data in the file.</summary>
    public long DataOffset { get; }

    /// <summary>Length in bytes of the data that the header describes.</summary>
    public long DataLength { get; }

    /// <summary>Bytes of data that the file lacks; 0 for a whole file, more for one that was read with <c>requireData: false</c>.</summary>
    public long MissingBytes => Math.Max(0, DataLength - (FileLength - DataOffset));

    /// <summary>All tensors by name, in the header's order.</summary>
    public IReadOnlyDictionary<string, SafetensorInfo> Tensors { get; }

    /// <summary>The free text pairs of <c>__metadata__</c>; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and validates a header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="requireData">False also accepts a file whose data is not there (yet), see <see cref="MissingBytes"/>.</param>
    /// <returns>The header.</returns>
    /// <exception cref="ModelFormatException">The header is too long, not JSON, or describes tensors that cannot be.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsHeader Read(string path, bool requireData = true)
    {
        string name = Path.GetFileName(path);
        GitLfsPointer.ThrowIfPointer(path);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long fileLength = stream.Length;
        if (fileLength < 8)
        {
            throw new ModelFormatException(
                name, $"{name}: {fileLength} bytes are too few for a safetensors file, which starts with 8 bytes of header length.");
        }
        Span<byte> lengthBytes = stackalloc byte[8];
        stream.ReadExactly(lengthBytes);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (headerLength > MaxHeaderLength)
        {
            throw new ModelFormatException(name, $"{name}: the header claims {headerLength} bytes; allowed: at most {MaxHeaderLength}.");
        }
        if ((long)headerLength > fileLength - 8)
        {
            throw new ModelFormatException(name, $"{name}: the header claims {headerLength} bytes, but only {fileLength - 8} follow its length.");
        }
        byte[] json = new byte[headerLength];
        stream.ReadExactly(json);

        SafetensorsHeaderContent content = SafetensorsHeaderParser.Parse(name, json);
        SafetensorsHeader header = new(path, fileLength, 8 + (long)headerLength, content);
        long present = fileLength - header.DataOffset;
        if (present > content.DataLength || (requireData && present < content.DataLength))
        {
            throw new ModelFormatException(name, $"{name}: the header describes {content.DataLength} bytes of data, the file has {present}.");
        }
        return header;
    }
}
