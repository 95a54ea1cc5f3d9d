using System.Security.Cryptography;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests;

/// <summary>What a test remembers of a frame after it is disposed.</summary>
internal sealed record FrameRecord(long Index, TimeSpan Timestamp, int Width, int Height, byte[] Pixels, string Hash)
{
    public static FrameRecord Of(VideoFrame frame)
    {
        byte[] pixels = frame.Pixels.ToArray();
        return new FrameRecord(frame.Index, frame.Timestamp, frame.Width, frame.Height, pixels, Convert.ToHexString(SHA256.HashData(pixels)));
    }

    public (byte Red, byte Green, byte Blue) At(int x, int y)
    {
        int offset = ((y * Width) + x) * 3;
        return (Pixels[offset], Pixels[offset + 1], Pixels[offset + 2]);
    }
}
