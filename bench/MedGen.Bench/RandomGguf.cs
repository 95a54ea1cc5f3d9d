using System.Text;

namespace MedGen.Bench;

/// <summary>Writes a GGUF file of a transformer with random weights: matrices in Q8_0, all else in float32.</summary>
internal static class RandomGguf
{
    private const int BlockValues = 32;
    private const int BlockBytes = 34;
    private const int Alignment = 32;

    public static void Write(string path, IReadOnlyDictionary<string, long[]> shapes)
    {
        Random random = new(1);
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write);
        using BinaryWriter writer = new(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)shapes.Count);
        writer.Write(1UL);
        Text(writer, "general.architecture");
        writer.Write(8u); // a text
        Text(writer, "wan");
        ulong offset = 0;
        foreach ((string name, long[] shape) in shapes)
        {
            Text(writer, name);
            writer.Write((uint)shape.Length);
            foreach (long size in shape.Reverse())
            {
                writer.Write((ulong)size);
            }

            writer.Write(IsInBlocks(shape) ? 8u : 0u);
            writer.Write(offset);
            offset += (ulong)Padded(Bytes(shape));
        }

        stream.Write(new byte[Padded(stream.Position) - stream.Position]);
        foreach (long[] shape in shapes.Values)
        {
            byte[] data = new byte[Padded(Bytes(shape))];
            Fill(random, shape, data);
            stream.Write(data);
        }
    }

    private static void Fill(Random random, long[] shape, byte[] data)
    {
        if (!IsInBlocks(shape))
        {
            for (long i = 0; i < Bytes(shape); i += sizeof(float))
            {
                BitConverter.TryWriteBytes(data.AsSpan((int)i), (random.NextSingle() - 0.5f) * 0.04f);
            }

            return;
        }

        random.NextBytes(data);
        for (long block = 0; block < Bytes(shape); block += BlockBytes)
        {
            BitConverter.TryWriteBytes(data.AsSpan((int)block), (Half)0.0003);
        }
    }

    private static bool IsInBlocks(long[] shape) => shape.Length == 2 && shape[1] % BlockValues == 0;

    private static long Bytes(long[] shape)
    {
        long values = shape.Aggregate(1L, (product, size) => product * size);
        return IsInBlocks(shape) ? values / BlockValues * BlockBytes : values * sizeof(float);
    }

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static void Text(BinaryWriter writer, string text)
    {
        writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
        writer.Write(Encoding.UTF8.GetBytes(text));
    }
}
