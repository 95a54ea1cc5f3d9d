namespace MedGen.Tests;

/// <summary>Damages bytes in the ways in which files and messages are damaged, by a seeded generator.</summary>
internal static class MutatedBytes
{
    private const int MostChanges = 8;
    private const int LongestRun = 64;

    private static readonly byte[] Odd = [0x00, 0x01, 0x7f, 0x80, 0xff, (byte)'"', (byte)'{', (byte)'-', (byte)'9'];

    /// <summary>A copy with one to eight changes: bits turned, odd values, runs removed, doubled or put in, and the end cut off.</summary>
    public static byte[] Of(ReadOnlySpan<byte> original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int change = random.Next(1, MostChanges + 1); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            int run = Math.Min(random.Next(1, LongestRun), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = Odd[random.Next(Odd.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(at, run);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, run));
                    break;
                case 4:
                    byte[] noise = new byte[run];
                    random.NextBytes(noise);
                    bytes.InsertRange(at, noise);
                    break;
                case 5 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A copy with one bit turned in the middle half, where a clip has pictures: the damage that no header shows.</summary>
    public static byte[] OneBitInside(ReadOnlySpan<byte> original, Random random)
    {
        byte[] damaged = [.. original];
        damaged[(original.Length / 4) + random.Next(original.Length / 2)] ^= (byte)(1 << random.Next(8));
        return damaged;
    }
}
