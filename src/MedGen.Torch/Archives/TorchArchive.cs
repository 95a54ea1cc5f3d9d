using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Archives;

/// <summary>
/// Opens weights as torch.save writes them (since 1.6: a zip of uncompressed storages and a pickle that says which tensor looks at which) as if they
/// were safetensors: tensors by name over a memory map. Nothing in the file is executed; it may hold a dictionary of tensors by name and nothing
/// else.
/// </summary>
public static class TorchArchive
{
    private const string PickleName = "data.pkl";
    private const long LongestPickle = 100_000_000;

    /// <summary>Opens a file and checks what it says of its tensors.</summary>
    /// <param name="path">The file, usually <c>*.pth</c>.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="ModelFormatException">The file is broken, or holds anything but tensors by name; what that is is named.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Open(string path) => SafetensorsFile.Over(ReadHeader(path));

    /// <summary>Reads what a file says of its tensors; no weight is read.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, their bytes counted from the start of the file.</returns>
    /// <exception cref="ModelFormatException">As <see cref="Open"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsHeader ReadHeader(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileName(path);
        GitLfsPointer.ThrowIfPointer(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            return SafetensorsHeader.Of(path, file.Length, Tensors(file));
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException(name, $"{name} cannot be read as weights of torch: {exception.Message}.", exception);
        }
    }

    private static OrderedDictionary<string, SafetensorInfo> Tensors(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        if (file.ReadAtLeast(start, 2, throwOnEndOfStream: false) < 2 || !start.SequenceEqual("PK"u8))
        {
            throw new InvalidDataException("it is no zip file, as torch writes since version 1.6");
        }

        IReadOnlyDictionary<string, (long Offset, long Length)> entries = StoredZip.Read(file);
        string[] pickles = [.. entries.Keys.Where(entry => entry.EndsWith("/" + PickleName, StringComparison.Ordinal))];
        if (pickles is not [string pickle])
        {
            throw new InvalidDataException($"it has {pickles.Length} entries {PickleName}, needed is 1");
        }

        string root = pickle[..^PickleName.Length];
        if (entries.ContainsKey(root + "constants.pkl"))
        {
            throw new InvalidDataException("it is a TorchScript program, not weights");
        }

        if (entries.ContainsKey(root + "byteorder") && Encoding.ASCII.GetString(Content(file, entries[root + "byteorder"])) is var order
            && order != "little")
        {
            throw new InvalidDataException("its byte order is not 'little'");
        }

        OrderedDictionary<string, SafetensorInfo> tensors = new(StringComparer.Ordinal);
        foreach ((string tensor, PickledTensor view) in TensorPickle.Read(Content(file, entries[pickle])))
        {
            string storage = $"{root}data/{view.Storage.Key}";
            (long Offset, long Length) data = entries.TryGetValue(storage, out (long, long) entry)
                ? entry
                : throw new InvalidDataException($"the storage of '{tensor}' is not there");
            tensors.Add(tensor, Locate(tensor, view, data));
        }

        return tensors;
    }

    private static byte[] Content(FileStream file, (long Offset, long Length) entry)
    {
        if (entry.Length > LongestPickle)
        {
            throw new InvalidDataException($"an entry that describes the tensors has {entry.Length} bytes; allowed: at most {LongestPickle}");
        }

        byte[] content = new byte[entry.Length];
        file.Position = entry.Offset;
        file.ReadExactly(content);
        return content;
    }

    private static SafetensorInfo Locate(string name, PickledTensor view, (long Offset, long Length) data)
    {
        try
        {
            int size = view.Storage.DataType.ItemSize();
            if (view.Storage.Count < 0 || checked(view.Storage.Count * size) != data.Length)
            {
                throw new InvalidDataException($"the storage of '{name}' has {data.Length} bytes; {view.Storage.Count} values of {size} are stated");
            }

            long extent = Extent(name, view);
            if (view.Offset < 0 || checked(view.Offset + extent) > view.Storage.Count)
            {
                throw new InvalidDataException($"'{name}' reaches beyond its storage");
            }

            return new SafetensorInfo
            {
                Name = name,
                DataType = view.Storage.DataType,
                Shape = view.Shape,
                Strides = IsContiguous(view) ? null : view.Strides,
                ByteOffset = data.Offset + (view.Offset * size),
                ByteLength = extent * size,
            };
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"the sizes of '{name}' are beyond 64 bits");
        }
    }

    // Numbers from the first to the last that the view looks at.
    private static long Extent(string name, PickledTensor view)
    {
        if (view.Shape.Count != view.Strides.Count)
        {
            throw new InvalidDataException($"'{name}' has {view.Shape.Count} sizes and {view.Strides.Count} strides");
        }

        // Of an empty tensor, too, the sizes must be countable: torch multiplies them for its strides.
        _ = view.Shape.Where(size => size > 0).Aggregate(1L, (product, size) => checked(product * size));
        return view.Shape.Contains(0)
            ? 0
            : view.Shape.Zip(view.Strides).Aggregate(1L, (sum, dimension) => checked(sum + ((dimension.First - 1) * dimension.Second)));
    }

    private static bool IsContiguous(PickledTensor view)
    {
        long expected = 1;
        for (int i = view.Shape.Count - 1; i >= 0; i--)
        {
            if (view.Shape[i] > 1 && view.Strides[i] != expected)
            {
                return false;
            }

            expected *= view.Shape[i];
        }

        return true;
    }
}
