using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FFMpegCore;
using MedGen.Media.Processes;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Reading;

/// <summary>Asks ffprobe what a file holds.</summary>
internal sealed class VideoProbe(MediaOptions options, TimeProvider time, ILogger logger)
{
    private const double SteadyRateTolerance = 1e-3;
    private const int QuarterTurn = 90;
    private const int FullTurn = 360;

    public async Task<SourceStream> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new MediaException(name, $"{name} does not exist.");
        }

        if (file.Length == 0)
        {
            throw new MediaException(name, $"{name} is empty (0 bytes).");
        }

        FFProbeAnalysis analysis = await AnalyseAsync(path, name, cancellationToken).ConfigureAwait(false);
        FFProbeStream[] pictures = [.. analysis.Streams.Where(s => s.CodecType == "video" && !IsCover(s))];
        string container = analysis.Format.FormatName ?? "unknown";
        if (pictures.Length == 0)
        {
            string seen = string.Join(", ", analysis.Streams.Select(s => $"{s.CodecType} {s.CodecName}"));
            throw new MediaException(name, $"{name} has no video stream: ffprobe saw {container} with {(seen.Length == 0 ? "no streams" : seen)}.");
        }

        FFProbeStream picture = Preferred(pictures);
        if (picture.Width is not > 0 || picture.Height is not > 0)
        {
            string hint = container == "webp_pipe" ? "; animated WebP is not decoded by this ffmpeg" : string.Empty;
            throw new MediaException(name, $"{name} states no picture size: ffprobe saw {picture.CodecName} in {container}{hint}.");
        }

        SourceStream source = Describe(path, analysis, picture, container);
        if (source.IsStill || source.Info.Duration is not null)
        {
            return source;
        }

        TimeSpan? measured = await new PacketDuration(options, time, logger).MeasureAsync(path, source, cancellationToken).ConfigureAwait(false);
        return source with { Info = source.Info with { Duration = measured }, StatesDuration = false };
    }

    // As players choose: the track that the file calls its default one, then the largest, then the first.
    private static FFProbeStream Preferred(FFProbeStream[] pictures) => pictures
        .OrderByDescending(stream => stream.Disposition?.GetValueOrDefault("default") == 1)
        .ThenByDescending(stream => (long)(stream.Width ?? 0) * (stream.Height ?? 0))
        .First();

    private SourceStream Describe(string path, FFProbeAnalysis analysis, FFProbeStream picture, string container)
    {
        string name = Path.GetFileName(path);
        bool still = container.EndsWith("_pipe", StringComparison.Ordinal) && container != "yuv4mpegpipe";
        int orientation = still ? Orientation(path) : ExifOrientation.Upright;
        int rotation = still ? ExifOrientation.ClockwiseDegrees(orientation) : ClockwiseRotation(picture);
        bool lying = rotation % (2 * QuarterTurn) != 0;
        (int width, int height) = lying ? (picture.Height!.Value, picture.Width!.Value) : (picture.Width!.Value, picture.Height!.Value);
        if ((long)width * height > options.MaxPixels)
        {
            throw new MediaException(name, $"{name} has pictures of {width}x{height} px; at most {options.MaxPixels} px in all are decoded.");
        }

        bool isGray16 = picture.PixelFormat is "gray16le" or "gray16be";
        Rational? mean = Rational.Parse(picture.AvgFrameRate) ?? Rational.Parse(picture.FrameRate);
        Rational? finest = Rational.Parse(picture.FrameRate);
        return new SourceStream
        {
            Path = path,
            Index = picture.Index,
            TimeBase = Rational.Parse(Extra(picture, "time_base")) ?? new Rational(1, 1_000_000),
            IsStill = still,
            IsInterlaced = !still && picture.FieldOrder is "tt" or "bb" or "tb" or "bt",
            Orientation = orientation,
            Info = new VideoInfo
            {
                Width = width,
                Height = height,
                FrameRate = still ? null : mean?.Value,
                Duration = still ? null : Seconds(picture.Duration) ?? Seconds(analysis.Format.Duration),
                FrameCount = still ? 1 : long.TryParse(Extra(picture, "nb_frames"), CultureInfo.InvariantCulture, out long count) ? count : null,
                IsVariableFrameRate = !still && (RatesDiffer(mean, finest) || FrameIntervals.Differ(analysis, picture.Index)),
                RotationDegrees = rotation,
                BitDepth = BitDepth(picture),
                PixelFormat = picture.PixelFormat,
                Formats = isGray16 ? [FrameFormat.Rgb24, FrameFormat.Gray16] : [FrameFormat.Rgb24],
                Values = isGray16 ? new ValueScale { Slope = 1, Intercept = 0, Minimum = 0, Maximum = ushort.MaxValue } : null,
                Codec = picture.CodecName,
                Container = container,
                HasAudio = analysis.Streams.Any(s => s.CodecType == "audio"),
            },
        };
    }

    private async Task<FFProbeAnalysis> AnalyseAsync(string path, string name, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "error", "-print_format", "json", "-show_format", "-show_streams",
            "-show_entries", "packet=stream_index,pts", "-read_intervals", $"%+#{FrameIntervals.Packets}", .. InputArguments.For(path),
        ];
        MediaProcess process = MediaProcess.StartProbe(arguments, path, options, time, logger);
        await using ConfiguredAsyncDisposable processDisposal = process.ConfigureAwait(false);
        process.Watchdog.StartWaiting();
        Task<string> output = new StreamReader(process.Output).ReadToEndAsync(cancellationToken);
        LogTail log = new(path, name);
        while (await process.Log.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            log.Add(line);
        }

        string json = await output.ConfigureAwait(false);
        int exitCode = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.Watchdog.HasStalled)
        {
            throw new MediaException(name, $"{name} could not be analysed: ffprobe gave no answer within {options.StallTimeout.TotalSeconds:0} s.");
        }

        if (exitCode != 0)
        {
            throw new MediaException(name, $"{name} is not a media file that can be decoded: ffprobe said: {log}");
        }

        return JsonSerializer.Deserialize<FFProbeAnalysis>(json) is { Streams: not null, Format: not null } analysis
            ? analysis
            : throw new MediaException(name, $"{name} could not be analysed: ffprobe described no streams.");
    }

    private static bool RatesDiffer(Rational? mean, Rational? finest) =>
        mean is { } m && finest is { } f && Math.Abs((m.Value / f.Value) - 1) > SteadyRateTolerance;

    private static bool IsCover(FFProbeStream stream) => stream.Disposition?.GetValueOrDefault("attached_pic") == 1;

    private static string? Extra(FFProbeStream stream, string key) =>
        stream.ExtensionData is { } extra && extra.TryGetValue(key, out JsonElement value) ? value.GetString() : null;

    private static TimeSpan? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static int Orientation(string path)
    {
        using FileStream file = File.OpenRead(path);
        return ExifOrientation.Read(file);
    }

    private static int ClockwiseRotation(FFProbeStream stream)
    {
        JsonValue? stated = stream.SideData?.Select(data => data.GetValueOrDefault("rotation")).FirstOrDefault(value => value is not null);
        if (stated is null || !double.TryParse(stated.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double counterclockwise))
        {
            return 0;
        }

        int quarters = (int)Math.Round(-counterclockwise / QuarterTurn);
        return (((quarters * QuarterTurn) % FullTurn) + FullTurn) % FullTurn;
    }

    // bits_per_raw_sample is often missing; the name of the pixel format then tells (yuv420p10le, gray12be, p010le, rgb48be).
    private static int BitDepth(FFProbeStream stream)
    {
        const int Usual = 8;
        if (int.TryParse(stream.BitsPerRawSample, CultureInfo.InvariantCulture, out int bits) && bits > 0)
        {
            return bits;
        }

        string format = stream.PixelFormat ?? string.Empty;
        (string Part, int Bits)[] deep =
            [("p010", 10), ("p012", 12), ("p016", 16), ("rgb48", 16), ("bgr48", 16), ("rgba64", 16), ("bgra64", 16), ("ya16", 16)];
        if (deep.FirstOrDefault(d => format.StartsWith(d.Part, StringComparison.Ordinal)) is { Bits: > 0 } known)
        {
            return known.Bits;
        }

        string digits = string.Concat(format.Replace("le", null, StringComparison.Ordinal).Replace("be", null, StringComparison.Ordinal)
            .Reverse().TakeWhile(char.IsAsciiDigit).Reverse());
        return int.TryParse(digits, CultureInfo.InvariantCulture, out int stated) && stated is >= 9 and <= 16 ? stated : Usual;
    }
}
