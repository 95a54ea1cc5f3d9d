using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>A clip in memory: [T, H, W, 3] bytes.</summary>
/// <param name="Data">The bytes.</param>
/// <param name="Frames">T.</param>
/// <param name="Height">H in px.</param>
/// <param name="Width">W in px.</param>
internal sealed record ClipPixels(byte[] Data, int Frames, int Height, int Width)
{
    /// <summary>Bytes of a frame.</summary>
    public int FrameBytes => Height * Width * 3;

    /// <summary>A black clip of the same shape.</summary>
    public ClipPixels Blank() => this with { Data = new byte[Data.Length] };

    /// <summary>One frame.</summary>
    public Span<byte> Frame(int index) => Data.AsSpan(index * FrameBytes, FrameBytes);

    /// <summary>Reads a source as the request wants it.</summary>
    /// <exception cref="InvalidInputException">The host gave another size or number of frames.</exception>
    public static async Task<ClipPixels> ReadAsync(SourceClip source, ClipShape shape, CancellationToken cancellationToken) =>
        new(await ClipBuffer.ReadAsync(source.Clip, shape, cancellationToken).ConfigureAwait(false), shape.NumFrames, shape.Height, shape.Width);

    /// <summary>Frames for the host, over these bytes.</summary>
    public IReadOnlyList<VideoFrame> ToFrames() =>
        [.. Enumerable.Range(0, Frames).Select(index => VideoFrame.Wrap(Frame(index).ToArray(), Width, Height, index))];
}
