using System.Buffers.Binary;
using System.Text;

namespace MedGen.Torch.Tests.Archives;

/// <summary>Writes what torch.save writes of a state dict, byte by byte: a zip of stored entries, and a pickle of protocol 2.</summary>
internal sealed class TorchFile
{
    private readonly List<byte> _pickle = [];
    private readonly List<(string Name, byte[] Content)> _entries = [("archive/byteorder", "little"u8.ToArray()), ("archive/version", "3\n"u8.ToArray())];

    public TorchFile()
    {
        Raw(0x80, 2);
        Global("collections", "OrderedDict");
        Raw(')', 'R', 'q', 0, '(');
    }

    /// <summary>Instructions as they are; numbers are bytes, characters their codes.</summary>
    public TorchFile Raw(params int[] bytes)
    {
        _pickle.AddRange(bytes.Select(value => (byte)value));
        return this;
    }

    public TorchFile Global(string module, string name)
    {
        _pickle.AddRange(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));
        return this;
    }

    public TorchFile Text(string text)
    {
        Raw('X').Int32(Encoding.UTF8.GetByteCount(text));
        _pickle.AddRange(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public TorchFile Number(long value) => value is >= 0 and < 256 ? Raw('K', (int)value) : Raw('J').Int32((int)value);

    public TorchFile Tuple(IReadOnlyList<long> values)
    {
        Raw('(');
        foreach (long value in values)
        {
            Number(value);
        }

        return Raw('t');
    }

    /// <summary>A name and a tensor: persistent id of its storage, offset, sizes, strides, no gradient, no hooks.</summary>
    public TorchFile Tensor(string name, string key, string storage, long count, long offset, long[] shape, long[] strides)
    {
        Text(name).Global("torch._utils", "_rebuild_tensor_v2");
        Raw('(', '(').Text("storage").Global("torch", storage).Text(key).Text("cpu").Number(count).Raw('t', 'Q');
        Number(offset).Tuple(shape).Tuple(strides).Raw(0x89).Global("collections", "OrderedDict");
        return Raw(')', 'R', 't', 'R');
    }

    public TorchFile Storage(string key, byte[] content) => Entry($"archive/data/{key}", content);

    public TorchFile Entry(string name, byte[] content)
    {
        _entries.RemoveAll(entry => entry.Name == name);
        _entries.Add((name, content));
        return this;
    }

    /// <summary>The end of the dictionary, with the attribute that a module's state dict has.</summary>
    public byte[] ToBytes(bool wide = false, int method = 0)
    {
        Raw('u', '}').Text("_metadata").Global("collections", "OrderedDict").Raw(')', 'R', 's', 'b', '.');
        return Zip([("archive/data.pkl", [.. _pickle]), .. _entries], wide, method);
    }

    private static byte[] Zip(List<(string Name, byte[] Content)> entries, bool wide, int method)
    {
        MemoryStream file = new();
        MemoryStream directory = new();
        foreach ((string name, byte[] content) in entries)
        {
            long local = file.Length;
            byte[] padding = new byte[(int)(-(local + 30 + name.Length + 4) & 63)];
            Write(file, 0x0403_4b50, 4);
            Write(file, 0, 14);
            Write(file, content.Length, 4);
            Write(file, content.Length, 4);
            Write(file, name.Length, 2);
            Write(file, 4 + padding.Length, 2);
            file.Write(Encoding.ASCII.GetBytes(name));
            Write(file, 0x4246, 2);
            Write(file, padding.Length, 2);
            file.Write(padding);
            file.Write(content);

            Write(directory, 0x0201_4b50, 4);
            Write(directory, 0, 6);
            Write(directory, method, 2);
            Write(directory, 0, 8);
            Write(directory, wide ? uint.MaxValue : content.Length, 4);
            Write(directory, wide ? uint.MaxValue : content.Length, 4);
            Write(directory, name.Length, 2);
            Write(directory, wide ? 28 : 0, 2);
            Write(directory, 0, 10);
            Write(directory, wide ? uint.MaxValue : local, 4);
            directory.Write(Encoding.ASCII.GetBytes(name));
            if (wide)
            {
                Write(directory, 1, 2);
                Write(directory, 24, 2);
                Write(directory, content.Length, 8);
                Write(directory, content.Length, 8);
                Write(directory, local, 8);
            }
        }

        long start = file.Length;
        file.Write(directory.ToArray());
        if (wide)
        {
            long end = file.Length;
            Write(file, 0x0606_4b50, 4);
            Write(file, 44, 8);
            Write(file, 0, 12);
            Write(file, entries.Count, 8);
            Write(file, entries.Count, 8);
            Write(file, directory.Length, 8);
            Write(file, start, 8);
            Write(file, 0x0706_4b50, 4);
            Write(file, 0, 4);
            Write(file, end, 8);
            Write(file, 1, 4);
        }

        Write(file, 0x0605_4b50, 4);
        Write(file, 0, 8);
        Write(file, wide ? uint.MaxValue : directory.Length, 4);
        Write(file, wide ? uint.MaxValue : start, 4);
        Write(file, 0, 2);
        return file.ToArray();
    }

    private static void Write(Stream stream, long value, int bytes)
    {
        Span<byte> all = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(all, value);
        stream.Write(all[..bytes]);
    }

    private TorchFile Int32(int value)
    {
        _pickle.AddRange(BitConverter.GetBytes(value));
        return this;
    }
}
