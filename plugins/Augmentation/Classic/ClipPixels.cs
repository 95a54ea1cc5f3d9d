using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;

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
    /// <exception cref="InvalidInputException">The host gave another size or too few frames.</exception>
    public static async Task<ClipPixels> ReadAsync(SourceClip source, AugmentationRequest request, CancellationToken cancellationToken)
    {
        ClipPixels pixels = new(new byte[request.NumFrames * request.Height * request.Width * 3], request.NumFrames, request.Height, request.Width);
        int read = 0;
        await foreach (VideoFrame frame in source.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                if (frame.Width != request.Width || frame.Height != request.Height)
                {
                    throw new InvalidInputException("source", $"'{source.Id}' has frames of {frame.Width} x {frame.Height} px; {request.Width} x {request.Height} are needed.");
                }

                if (read < request.NumFrames)
                {
                    frame.Pixels.Span.CopyTo(pixels.Frame(read++));
                }
            }
        }

        return read == request.NumFrames ? pixels : throw new InvalidInputException("source", $"'{source.Id}' has {read} frames; {request.NumFrames} are needed.");
    }

    /// <summary>Frames for the host, over these bytes.</summary>
    public IReadOnlyList<VideoFrame> ToFrames() =>
        [.. Enumerable.Range(0, Frames).Select(index => VideoFrame.Wrap(Frame(index).ToArray(), Width, Height, index))];
}
