using MedGen.Sdk.Frames;

namespace MedGen.Phantoms.Fields;

/// <summary>From float planes to frames.</summary>
internal static class PlaneFrames
{
    /// <summary>The frames of a clip, computed one by one while they are read.</summary>
    /// <param name="request">Size, number and rate of the frames.</param>
    /// <param name="render">
    /// Fills red, green and blue (0 black to 1 full; beyond is cut) of the frame with the given index. For a grey picture it returns false and
    /// fills only the first plane. The planes keep what the frame before left in them.
    /// </param>
    /// <returns>The frames; they may be enumerated again.</returns>
    public static IEnumerable<VideoFrame> Sequence(PhantomRequest request, Func<int, Plane, Plane, Plane, bool> render)
    {
        Plane red = new(request.Width, request.Height);
        Plane green = new(request.Width, request.Height);
        Plane blue = new(request.Width, request.Height);
        for (int index = 0; index < request.NumFrames; index++)
        {
            bool colour = render(index, red, green, blue);
            yield return ToFrame(red, colour ? green : red, colour ? blue : red, index, request.FramesPerSecond);
        }
    }

    /// <summary>The frames of a grey clip.</summary>
    /// <param name="request">Size, number and rate of the frames.</param>
    /// <param name="render">Fills the luminance (0 black to 1 white; beyond is cut) of the frame with the given index.</param>
    /// <returns>The frames; they may be enumerated again.</returns>
    public static IEnumerable<VideoFrame> Grey(PhantomRequest request, Action<int, Plane> render)
    {
        Plane luminance = new(request.Width, request.Height);
        for (int index = 0; index < request.NumFrames; index++)
        {
            render(index, luminance);
            yield return ToFrame(luminance, luminance, luminance, index, request.FramesPerSecond);
        }
    }

    /// <summary>One frame.</summary>
    /// <param name="red">0 to 1; beyond is cut.</param>
    /// <param name="green">0 to 1, of the same size.</param>
    /// <param name="blue">0 to 1, of the same size.</param>
    /// <param name="index">Zero-based index of the frame.</param>
    /// <param name="frameRate">Frames per second.</param>
    /// <returns>A frame that the caller owns.</returns>
    public static VideoFrame ToFrame(Plane red, Plane green, Plane blue, int index, double frameRate)
    {
        VideoFrame frame = VideoFrame.Rent(red.Width, red.Height, index, TimeSpan.FromSeconds(index / frameRate));
        Span<byte> pixels = frame.WritablePixels.Span;
        for (int i = 0, at = 0; i < red.Values.Length; i++)
        {
            pixels[at++] = ToByte(red.Values[i]);
            pixels[at++] = ToByte(green.Values[i]);
            pixels[at++] = ToByte(blue.Values[i]);
        }

        return frame;
    }

    private static byte ToByte(float value) => (byte)((Math.Clamp(value, 0, 1) * 255) + 0.5f);
}
