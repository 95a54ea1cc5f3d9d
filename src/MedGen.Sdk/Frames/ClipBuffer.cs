using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Frames;

/// <summary>Collects the frames of a clip in one array: [T, H, W, 3] bytes, R, G, B.</summary>
/// <param name="shape">The shape that the clip must have.</param>
public sealed class ClipBuffer(ClipShape shape)
{
    private readonly byte[] _pixels = new byte[shape.Bytes];

    /// <summary>Frames so far.</summary>
    public int NumFrames { get; private set; }

    /// <summary>Reads a clip that has the shape already.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>[T, H, W, 3] bytes.</returns>
    /// <exception cref="InvalidInputException">A frame has another size, or there are more or fewer frames.</exception>
    public static async Task<byte[]> ReadAsync(IVideoClip clip, ClipShape shape, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ClipBuffer buffer = new(shape);
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                buffer.Add(frame);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Copies the next frame.</summary>
    /// <param name="frame">The frame; it stays the caller's.</param>
    /// <exception cref="InvalidInputException">It has another size than the shape or another format than RGB24, or the clip is complete.</exception>
    public void Add(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Width != shape.Width || frame.Height != shape.Height)
        {
            throw new InvalidInputException("frames", $"got a frame of {frame.Width}x{frame.Height} px; allowed: {shape.Width}x{shape.Height} px.");
        }

        if (frame.Format != FrameFormat.Rgb24)
        {
            throw new InvalidInputException("frames", $"got a frame in {frame.Format}; allowed: {FrameFormat.Rgb24}.");
        }

        if (NumFrames == shape.NumFrames)
        {
            throw new InvalidInputException("frames", $"got more than {shape.NumFrames} frames; allowed: {shape.NumFrames}.");
        }

        frame.Pixels.Span.CopyTo(_pixels.AsSpan(NumFrames++ * shape.FrameBytes));
    }

    /// <summary>The complete clip.</summary>
    /// <returns>[T, H, W, 3] bytes; the buffer's own, not a copy.</returns>
    /// <exception cref="InvalidInputException">Frames are missing.</exception>
    public byte[] ToArray() => NumFrames == shape.NumFrames
        ? _pixels
        : throw new InvalidInputException("frames", $"got {NumFrames} frames; allowed: {shape.NumFrames}.");
}
