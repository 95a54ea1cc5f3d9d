using System.Buffers;

namespace MedGen.Sdk.Frames;

/// <summary>
/// One decoded picture: 8-bit RGB, row-major, no padding between rows. Whoever takes a frame out of a stream owns it and disposes it;
/// after that the buffer may be reused.
/// </summary>
public sealed class VideoFrame : IDisposable
{
    /// <summary>
    /// Largest frame, in bytes, whose buffer is kept for the next one: a pool would hold on to hundreds of MiB after a few huge frames.
    /// </summary>
    public const int LargestPooled = 32 << 20;

    private readonly byte[]? _rented;
    private readonly bool _isWrapped;
    private Memory<byte> _pixels;

    private VideoFrame(Memory<byte> pixels, byte[]? rented, bool isWrapped, int width, int height)
    {
        _pixels = pixels;
        _rented = rented;
        _isWrapped = isWrapped;
        Width = width;
        Height = height;
    }

    /// <summary>Width in px, at least 1.</summary>
    public int Width { get; }

    /// <summary>Height in px, at least 1.</summary>
    public int Height { get; }

    /// <summary>Pixels as R, G, B bytes; <c>Height · Width · 3</c> of them.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The same pixels for the producer of the frame to fill.</summary>
    public Memory<byte> WritablePixels => _pixels;

    /// <summary>Zero-based position of the frame in its source (not in a sampled stream).</summary>
    public long Index { get; init; }

    /// <summary>Presentation time since the start of the source.</summary>
    public TimeSpan Timestamp { get; init; }

    /// <summary>Takes a frame from the shared buffer pool, above <see cref="LargestPooled"/> a new one; its content is undefined.</summary>
    /// <param name="width">Width in px, at least 1.</param>
    /// <param name="height">Height in px, at least 1.</param>
    /// <param name="index">Zero-based position in the source.</param>
    /// <param name="timestamp">Presentation time since the start of the source.</param>
    /// <returns>A frame that the caller owns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the frame is over 2 GiB.</exception>
    public static VideoFrame Rent(int width, int height, long index = 0, TimeSpan timestamp = default)
    {
        int length = ByteCount(width, height);
        if (length > LargestPooled)
        {
            byte[] own = GC.AllocateUninitializedArray<byte>(length);
            return new VideoFrame(own, rented: null, isWrapped: false, width, height) { Index = index, Timestamp = timestamp };
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        return new VideoFrame(buffer.AsMemory(0, length), buffer, isWrapped: false, width, height) { Index = index, Timestamp = timestamp };
    }

    /// <summary>Wraps pixels that the caller keeps alive; disposing the frame does not touch them.</summary>
    /// <param name="pixels">R, G, B bytes, row-major.</param>
    /// <param name="width">Width in px, at least 1.</param>
    /// <param name="height">Height in px, at least 1.</param>
    /// <param name="index">Zero-based position in the source.</param>
    /// <param name="timestamp">Presentation time since the start of the source.</param>
    /// <returns>The frame.</returns>
    /// <exception cref="ArgumentException">The number of bytes is not <c>width · height · 3</c>.</exception>
    public static VideoFrame Wrap(byte[] pixels, int width, int height, long index = 0, TimeSpan timestamp = default)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        int expected = ByteCount(width, height);
        if (pixels.Length != expected)
        {
            throw new ArgumentException($"A {width}x{height} RGB24 frame has {expected} bytes, got {pixels.Length}.", nameof(pixels));
        }

        return new VideoFrame(pixels, rented: null, isWrapped: true, width, height) { Index = index, Timestamp = timestamp };
    }

    /// <summary>A copy with a buffer of its own.</summary>
    /// <returns>A frame that the caller owns.</returns>
    public VideoFrame Clone()
    {
        VideoFrame copy = Rent(Width, Height, Index, Timestamp);
        _pixels.CopyTo(copy._pixels);
        return copy;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_isWrapped || _pixels.IsEmpty)
        {
            return;
        }

        // Also where no pool gets it back: whoever still holds the frame does not hold hundreds of MiB with it.
        _pixels = default;
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static int ByteCount(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        long length = 3L * width * height;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength, nameof(width));
        return (int)length;
    }
}
