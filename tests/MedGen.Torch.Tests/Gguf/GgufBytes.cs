using System.Text;
using MedGen.Torch.Gguf;

namespace MedGen.Torch.Tests.Gguf;

/// <summary>Writes GGUF, also what nobody should write.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte> _keys = [];
    private readonly List<byte> _infos = [];
    private readonly List<byte> _data = [];
    private ulong _keyCount;
    private ulong _tensorCount;

    public byte[] Magic { get; init; } = "GGUF"u8.ToArray();

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    /// <summary>Stated instead of the true number.</summary>
    public ulong? TensorCount { get; init; }

    /// <summary>Stated instead of the true number.</summary>
    public ulong? KeyCount { get; init; }

    public static byte[] Text(string text) => [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A statement of any type, its value as it is stored.</summary>
    public GgufBytes Key(string key, uint type, params byte[] value)
    {
        _keys.AddRange([.. Text(key), .. BitConverter.GetBytes(type), .. value]);
        _keyCount++;
        return this;
    }

    public GgufBytes Key(string key, string text) => Key(key, 8, Text(text));

    public GgufBytes Key(string key, uint number) => Key(key, 4, BitConverter.GetBytes(number));

    public GgufBytes Integers(string key, params int[] numbers) =>
        Key(key, 9, [.. BitConverter.GetBytes(5u), .. BitConverter.GetBytes((ulong)numbers.Length), .. numbers.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A tensor; its sizes outermost first, as torch has them.</summary>
    public GgufBytes Tensor(string name, GgufType type, ulong[] shape, byte[] data, ulong? offset = null)
    {
        while (_data.Count % Alignment != 0)
        {
            _data.Add(0);
        }

        return Info(name, (uint)type, shape, offset ?? (ulong)_data.Count, data);
    }

    public GgufBytes Info(string name, uint type, ulong[] shape, ulong offset, byte[]? data = null)
    {
        _infos.AddRange(
        [
            .. Text(name), .. BitConverter.GetBytes((uint)shape.Length), .. shape.Reverse().SelectMany(BitConverter.GetBytes), .. BitConverter.GetBytes(type),
            .. BitConverter.GetBytes(offset),
        ]);
        _tensorCount++;
        _data.AddRange(data ?? []);
        return this;
    }

    public byte[] ToArray()
    {
        List<byte> file =
        [
            .. Magic, .. BitConverter.GetBytes(Version), .. BitConverter.GetBytes(TensorCount ?? _tensorCount),
            .. BitConverter.GetBytes(KeyCount ?? _keyCount), .. _keys, .. _infos,
        ];
        while (file.Count % Alignment != 0)
        {
            file.Add(0);
        }

        return [.. file, .. _data];
    }
}
