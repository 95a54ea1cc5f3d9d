using System.Buffers;
using System.Runtime.InteropServices;

namespace MedGen.Sdk.Frames;

/// <summary>
/// One decoded picture, row-major, no padding between rows; 8-bit RGB unless it says another <see cref="Format"/>. Whoever takes a frame out of a
/// stream owns it and disposes it; after that the buffer may be reused.
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

    private VideoFrame(Memory<byte> pixels, byte[]? rented, bool isWrapped, int width, int height, FrameFormat format)
    {
        _pixels = pixels;
        _rented = rented;
        _isWrapped = isWrapped;
        Width = width;
        Height = height;
        Format = format;
    }

    /// <summary>Width in px, at least 1.</summary>
    public int Width { get; }

    /// <summary>Height in px, at least 1.</summary>
    public int Height { get; }

    /// <summary>How its pixels lie in memory.</summary>
    public FrameFormat Format { get; }

    /// <summary>Pixels, R, G, B bytes unless <see cref="Format"/> says otherwise; <c>Height · Width</c> times the bytes of a pixel.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The same pixels for the producer of the frame to fill.</summary>
    public Memory<byte> WritablePixels => _pixels;

    /// <summary>The values of a frame in <see cref="FrameFormat.Gray16"/>; <c>Height · Width</c> of them, row-major.</summary>
    /// <exception cref="InvalidOperationException">It has another format.</exception>
    public ReadOnlySpan<ushort> Values => Format == FrameFormat.Gray16
        ? MemoryMarshal.Cast<byte, ushort>(_pixels.Span)
        : throw new InvalidOperationException($"A frame in {Format} has no values of 16 bits.");

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
    public static VideoFrame Rent(int width, int height, long index = 0, TimeSpan timestamp = default) =>
        RentIn(FrameFormat.Rgb24, width, height, index, timestamp);

    /// <summary>The same in a format.</summary>
    /// <param name="format">How its pixels lie in memory.</param>
    /// <param name="width">Width in px, at least 1.</param>
    /// <param name="height">Height in px, at least 1.</param>
    /// <param name="index">Zero-based position in the source.</param>
    /// <param name="timestamp">Presentation time since the start of the source.</param>
    /// <returns>A frame that the caller owns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, the format is unknown, or the frame is over 2 GiB.</exception>
    public static VideoFrame RentIn(FrameFormat format, int width, int height, long index = 0, TimeSpan timestamp = default)
    {
        int length = ByteCount(width, height, format);
        if (length > LargestPooled)
        {
            byte[] own = GC.AllocateUninitializedArray<byte>(length);
            return new VideoFrame(own, rented: null, isWrapped: false, width, height, format) { Index = index, Timestamp = timestamp };
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        return new VideoFrame(buffer.AsMemory(0, length), buffer, isWrapped: false, width, height, format) { Index = index, Timestamp = timestamp };
    }

    /// <summary>Wraps pixels that the caller keeps alive; disposing the frame does not touch them.</summary>
    /// <param name="pixels">R, G, B bytes, row-major.</param>
    /// <param name="width">Width in px, at least 1.</param>
    /// <param name="height">Height in px, at least 1.</param>
    /// <param name="index">Zero-based position in the source.</param>
    /// <param name="timestamp">Presentation time since the start of the source.</param>
    /// <returns>The frame.</returns>
    /// <exception cref="ArgumentException">The number of bytes is not <c>width · height · 3</c>.</exception>
    public static VideoFrame Wrap(byte[] pixels, int width, int height, long index = 0, TimeSpan timestamp = default) =>
        WrapIn(pixels, FrameFormat.Rgb24, width, height, index, timestamp);

    /// <summary>The same in a format.</summary>
    /// <param name="pixels">The pixels, row-major.</param>
    /// <param name="format">How they lie in memory.</param>
    /// <param name="width">Width in px, at least 1.</param>
    /// <param name="height">Height in px, at least 1.</param>
    /// <param name="index">Zero-based position in the source.</param>
    /// <param name="timestamp">Presentation time since the start of the source.</param>
    /// <returns>The frame.</returns>
    /// <exception cref="ArgumentException">The number of bytes is not that of such a frame.</exception>
    public static VideoFrame WrapIn(byte[] pixels, FrameFormat format, int width, int height, long index = 0, TimeSpan timestamp = default)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        int expected = ByteCount(width, height, format);
        if (pixels.Length != expected)
        {
            string name = format.ToString().ToUpperInvariant();
            throw new ArgumentException($"A {width}x{height} {name} frame has {expected} bytes, got {pixels.Length}.", nameof(pixels));
        }

        return new VideoFrame(pixels, rented: null, isWrapped: true, width, height, format) { Index = index, Timestamp = timestamp };
    }

    /// <summary>A copy with a buffer of its own.</summary>
    /// <returns>A frame that the caller owns.</returns>
    public VideoFrame Clone()
    {
        VideoFrame copy = RentIn(Format, Width, Height, Index, Timestamp);
        _pixels.CopyTo(copy._pixels);
        return copy;
    }

    /// <summary>The brightness of a frame in <see cref="FrameFormat.Rgb24"/>: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded.</summary>
    /// <returns>A frame in <see cref="FrameFormat.Gray8"/> that the caller owns.</returns>
    /// <exception cref="InvalidOperationException">It has another format.</exception>
    public VideoFrame ToGray8()
    {
        if (Format != FrameFormat.Rgb24)
        {
            throw new InvalidOperationException($"A frame in {Format} has no colours to make grey.");
        }

        VideoFrame gray = RentIn(FrameFormat.Gray8, Width, Height, Index, Timestamp);
        ReadOnlySpan<byte> from = _pixels.Span;
        Span<byte> to = gray._pixels.Span;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (byte)(((299 * from[3 * i]) + (587 * from[(3 * i) + 1]) + (114 * from[(3 * i) + 2]) + 500) / 1000);
        }

        return gray;
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

    private static int ByteCount(int width, int height, FrameFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int pixel = format switch
        {
            FrameFormat.Rgb24 => 3,
            FrameFormat.Gray8 => 1,
            FrameFormat.Gray16 => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "The format is unknown."),
        };
        long length = (long)pixel * width * height;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength, nameof(width));
        return (int)length;
    }
}
