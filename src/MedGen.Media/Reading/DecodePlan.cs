using System.Globalization;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Reading;

/// <summary>One way of reading a source: ffmpeg's arguments, and how its timestamps are to be understood.</summary>
internal sealed class DecodePlan
{
    /// <summary>Marks a log line that tells of a frame as the decoder gave it.</summary>
    public const string SourceMark = "medgen_source=1";

    /// <summary>Marks a log line that tells of a frame that will come out of the pipe.</summary>
    public const string OutputMark = "medgen_output=1";

    /// <summary>Timestamps are carried through the filters in nanoseconds: no container ticks finer, and 63 bits hold 292 years.</summary>
    public const long TicksPerSecond = 1_000_000_000;

    private const int MaxReadAheadFrames = 16;
    private const int BytesPerPixel = 3;
    private const long NanosecondsPerTimeSpanTick = 100;
    private const long MaxTolerance = 500_000;

    public DecodePlan(SourceStream source, FrameSampling sampling, MediaOptions options, long memory)
    {
        Source = source;
        Format = sampling.Format ?? FrameFormat.Rgb24;
        Width = sampling.Width ?? source.Info.Width;
        Height = sampling.Height ?? source.Info.Height;
        ReadAhead = (int)Math.Clamp(options.ReadAheadMiB * (1L << 20) / ((long)Width * Height * BytesPerPixel), 1, MaxReadAheadFrames);
        Cost = DecodeCost.Within(memory, source, Width, Height, ReadAhead);
        MaxFrames = source.IsStill ? 1 : sampling.MaxFrames;
        StartNanoseconds = source.IsStill ? 0 : sampling.Start.Ticks * NanosecondsPerTimeSpanTick;
        Rate = source.IsStill || sampling.FramesPerSecond is not double rate ? null : Rational.FromDouble(rate);
        ToleranceNanoseconds = Math.Min(MaxTolerance, TicksPerSecond * source.TimeBase.Numerator / source.TimeBase.Denominator / 2);
    }

    public SourceStream Source { get; }

    /// <summary>RGB24, or GRAY16 of a source that is stored so.</summary>
    public FrameFormat Format { get; }

    public int Width { get; }

    public int Height { get; }

    public int? MaxFrames { get; }

    /// <summary>Frames that may wait for their reader.</summary>
    public int ReadAhead { get; }

    /// <summary>What decoding takes.</summary>
    public DecodeCost Cost { get; }

    public long StartNanoseconds { get; }

    /// <summary>Grid points per second; null when every frame is wanted once.</summary>
    public Rational? Rate { get; }

    /// <summary>
    /// How much later than a grid point a frame may claim to appear and still count as on display: half a tick of the container, which is
    /// what rounding to ticks can add. Without it, a 30 frames/s film in whole milliseconds would skip and repeat frames when read at 30 frames/s.
    /// Coarse ticks (over 1 ms) are taken as exact, because there they are the frame interval itself.
    /// </summary>
    public long ToleranceNanoseconds { get; }

    /// <summary>Whether the decoder leaves out the frames between keyframes.</summary>
    public bool KeyframesOnly { get; init; }

    public IEnumerable<string> Arguments()
    {
        List<string> arguments =
        [
            "-hide_banner", "-nostdin", "-loglevel", "error",
            // Timestamps count from the start of the file, as ffprobe shows them, and are not moved by anything else.
            "-copyts", "-start_at_zero",
            // A still is turned by our own filters; an ffmpeg that knows its EXIF data would turn it twice.
            .. Source.IsStill ? (string[])["-noautorotate"] : [],
            .. KeyframesOnly ? (string[])["-skip_frame", "nokey"] : [],
            "-threads", Invariant($"{Cost.Threads}"), .. InputArguments.For(Source.Path),
            "-map", Invariant($"0:{Source.Index}"), "-vf", Filters(), "-vsync", "passthrough",
        ];
        if (MaxFrames is int limit)
        {
            arguments.AddRange(["-frames:v", Invariant($"{limit}")]);
        }

        arguments.AddRange(["-f", "rawvideo", "-pix_fmt", Format == FrameFormat.Gray16 ? "gray16le" : "rgb24", "pipe:1"]);
        return arguments;
    }

    private string Filters()
    {
        List<string> filters =
        [
            // One picture a frame, of its first moment; the other lines are filled in from their neighbours in space and time.
            .. Source.IsInterlaced ? (string[])["bwdif=mode=send_frame:parity=auto:deint=all"] : [],
            Invariant($"settb=1/{TicksPerSecond}"),
            Report(SourceMark),
        ];
        if (Rate is { } rate)
        {
            // round=up puts a frame on the first grid point at or after its time, so a grid point shows the last frame that has appeared by then.
            string start = (StartNanoseconds / (decimal)TicksPerSecond).ToString(CultureInfo.InvariantCulture);
            filters.Add(Invariant($"setpts=PTS-{ToleranceNanoseconds}"));
            filters.Add(Invariant($"fps=fps={rate}:round=up:start_time={start}"));
            filters.Add(Report(OutputMark));
        }
        else if (StartNanoseconds > 0)
        {
            filters.Add(Invariant($"select=gte(pts\\,{StartNanoseconds})"));
        }

        if (Source.HasAlpha)
        {
            // What is transparent is black, whatever colour the file has beneath.
            filters.Add("format=gbrap,premultiply=inplace=1");
        }

        filters.AddRange(ExifOrientation.Filters(Source.Orientation));
        filters.Add(Invariant($"scale={Width}:{Height}"));
        return string.Join(',', filters);
    }

    // One write per line, straight to standard error (direct=1), before the frame itself is written: the line is always there first.
    private static string Report(string mark)
    {
        string key = mark[..mark.IndexOf('=', StringComparison.Ordinal)];
        return $"metadata=mode=add:key={key}:value=1,metadata=mode=print:key={key}:direct=1:file=pipe\\\\:2";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
