using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Testing.Clips;

/// <summary>
/// A clip in memory that behaves as the host's do: a stored one is sampled and scaled, a live one can be read once and keeps its size. It counts the
/// frames that a reader has not disposed.
/// </summary>
public sealed record TestClip : IVideoClip
{
    private readonly List<VideoFrame> _given = [];

    internal Func<bool>? OnRead { get; init; }

    /// <summary>A clip with the default of everything.</summary>
    public TestClip()
    {
    }

    // A changed copy is another clip: nobody has read it.
    private TestClip(TestClip other)
    {
        (_given, LastIndex) = ([], -1);
        (Width, Height, NumFrames, FramesPerSecond) = (other.Width, other.Height, other.NumFrames, other.FramesPerSecond);
        (Seed, Paint, IsLive, StaysOpen, BreaksAfter) = (other.Seed, other.Paint, other.IsLive, other.StaysOpen, other.BreaksAfter);
        Format = other.Format;
        OnRead = other.OnRead;
    }

    /// <summary>Width in px, at least 1. Default 128.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Height in px, at least 1. Default 128.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Number of frames, at least 0. Default 17.</summary>
    public int NumFrames { get; init; } = 17;

    /// <summary>Frames per second, above 0. Default 8.</summary>
    public double FramesPerSecond { get; init; } = 8;

    /// <summary>What the default picture is drawn from; another seed is another clip.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Fills a frame: its index from 0, and [H, W, 3] bytes as R, G, B. Null: coarse coloured noise over a gradient that moves.
    /// </summary>
    public Action<int, Memory<byte>>? Paint { get; init; }

    /// <summary>
    /// Format of its frames, made of what <see cref="Paint"/> fills. In <see cref="FrameFormat.Gray16"/>, which it then has beside RGB24, values are
    /// the brightness times 257, 0 to 65,535 without a unit. Default: RGB24.
    /// </summary>
    public FrameFormat Format { get; init; }

    /// <inheritdoc />
    public bool IsLive { get; init; }

    /// <summary>Whether the source waits after its last frame, until it is cancelled, as a camera that shows nothing new.</summary>
    public bool StaysOpen { get; init; }

    /// <summary>Number of frames after which the source breaks with a <see cref="MediaException"/>; null: it does not.</summary>
    public int? BreaksAfter { get; init; }

    /// <summary>Index of the last frame that was given out; −1: none yet.</summary>
    public long LastIndex { get; private set; } = -1;

    /// <summary>Frames that were given out and are not disposed.</summary>
    public int FramesHeld
    {
        get
        {
            lock (_given)
            {
                return _given.Count(frame => !frame.Pixels.IsEmpty);
            }
        }
    }

    /// <inheritdoc />
    public VideoInfo Info => new()
    {
        Width = Width,
        Height = Height,
        Format = Format,
        Formats = Format == FrameFormat.Gray16 ? [FrameFormat.Rgb24, FrameFormat.Gray8, FrameFormat.Gray16] : [FrameFormat.Rgb24, FrameFormat.Gray8],
        Values = Format == FrameFormat.Gray16 ? new ValueScale { Slope = 1, Intercept = 0, Minimum = 0, Maximum = ushort.MaxValue } : null,
        FrameRate = FramesPerSecond,
        FrameCount = IsLive || StaysOpen || BreaksAfter is not null || NumFrames == 0 ? null : NumFrames,
        Duration = IsLive || StaysOpen || NumFrames == 0 ? null : TimeSpan.FromSeconds(NumFrames / FramesPerSecond),
    };

    /// <inheritdoc />
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        if (sampling.Format is { } asked && !Info.Formats.Contains(asked))
        {
            throw new InvalidInputException("format", $"{asked} asked; the clip has {string.Join(", ", Info.Formats)}.");
        }

        if (IsLive && LastIndex >= 0)
        {
            throw new InvalidOperationException("A live clip can be read once.");
        }

        int taken = 0;
        foreach (int index in IndicesOf(sampling))
        {
            if (index >= BreaksAfter)
            {
                throw new MediaException("test-clip", $"The clip breaks after {BreaksAfter} frames.");
            }

            if (taken++ >= sampling.MaxFrames)
            {
                yield break;
            }

            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            VideoFrame frame = In(sampling.Format ?? Format, Draw(index, sampling));
            lock (_given)
            {
                _given.Add(frame);
            }

            LastIndex = index;
            OnRead?.Invoke();
            yield return frame;
        }

        if (StaysOpen && !(taken >= sampling.MaxFrames))
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
    }

    private IEnumerable<int> IndicesOf(FrameSampling sampling)
    {
        double start = sampling.Start.TotalSeconds;
        if (sampling.FramesPerSecond is not { } rate)
        {
            return Enumerable.Range(0, NumFrames).Where(index => index / FramesPerSecond >= start);
        }

        // A stored clip gives what is on display at each point of the grid, a live one the first frame in each interval.
        return IsLive
            ? Enumerable.Range(0, NumFrames).Where(index => index / FramesPerSecond >= start)
                .DistinctBy(index => Math.Floor(((index / FramesPerSecond) - start) * rate))
            : Enumerable.Range(0, int.MaxValue).Select(point => start + (point / rate)).TakeWhile(time => time < NumFrames / FramesPerSecond)
                .Select(time => (int)(time * FramesPerSecond));
    }

    private VideoFrame Draw(int index, FrameSampling sampling)
    {
        byte[] pixels = new byte[3 * Width * Height]; // [H, W, 3]
        (Paint ?? PaintNoise)(index, pixels);
        int width = IsLive ? Width : sampling.Width ?? Width;
        int height = IsLive ? Height : sampling.Height ?? Height;
        VideoFrame frame = VideoFrame.Rent(width, height, index, TimeSpan.FromSeconds(index / FramesPerSecond));
        Span<byte> scaled = frame.WritablePixels.Span;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = 3 * ((y * Height / height * Width) + (x * Width / width));
                pixels.AsSpan(from, 3).CopyTo(scaled[(3 * ((y * width) + x))..]);
            }
        }

        return frame;
    }

    private static VideoFrame In(FrameFormat format, VideoFrame frame)
    {
        if (format == FrameFormat.Rgb24)
        {
            return frame;
        }

        using VideoFrame colours = frame;
        VideoFrame gray = colours.ToGray8();
        if (format == FrameFormat.Gray8)
        {
            return gray;
        }

        using VideoFrame levels = gray;
        VideoFrame values = VideoFrame.RentIn(FrameFormat.Gray16, levels.Width, levels.Height, levels.Index, levels.Timestamp);
        Span<ushort> to = MemoryMarshal.Cast<byte, ushort>(values.WritablePixels.Span);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (ushort)(levels.Pixels.Span[i] * 257);
        }

        return values;
    }

    private void PaintNoise(int index, Memory<byte> pixels)
    {
        const int Block = 8; // px
        Span<byte> to = pixels.Span;
        for (int i = 0; i < to.Length; i++)
        {
            (int y, int x, int channel) = (i / 3 / Width, i / 3 % Width, i % 3);
            uint noise = unchecked((uint)((((y / Block * 73) + (x / Block)) * 3) + channel + (Seed * 7919)) * 2654435761u) >> 25; // 0 to 127
            to[i] = (byte)(noise + ((x + y + (4 * index)) % 128));
        }
    }
}
