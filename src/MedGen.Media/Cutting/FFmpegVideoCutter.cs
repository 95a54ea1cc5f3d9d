using System.Globalization;
using System.Runtime.CompilerServices;
using MedGen.Media.Processes;
using MedGen.Media.Reading;
using MedGen.Media.Writing;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Media.Cutting;

internal sealed class FFmpegVideoCutter(IOptions<MediaOptions> options, TimeProvider time, ILogger<FFmpegVideoCutter>? logger = null) : IVideoCutter
{
    private const string NoSpaceMessage = "No space left on device";

    // Seeking goes to the keyframe at or before a time; rounding to microseconds must not make it the one before.
    private static readonly TimeSpan SeekTolerance = TimeSpan.FromMilliseconds(1);

    private readonly ILogger _logger = logger ?? NullLogger<FFmpegVideoCutter>.Instance;

    public async Task<IReadOnlyList<TimeSpan>> ReadKeyframesAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SourceStream source = await ProbeAsync(path, cancellationToken).ConfigureAwait(false);
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "quiet", "-select_streams", source.Index.ToString(CultureInfo.InvariantCulture),
            "-show_entries", "packet=pts_time,flags:format=start_time", "-of", "csv", .. InputArguments.For(source.Path),
        ];
        MediaProcess process = MediaProcess.StartProbe(arguments, source.Path, options.Value, time, _logger);
        await using ConfiguredAsyncDisposable disposal = process.ConfigureAwait(false);
        process.Watchdog.StartWaiting();
        using StreamReader lines = new(process.Output);
        List<double> keys = [];
        double start = 0;
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            process.Watchdog.Progress();
            string[] cells = line.Split(',');
            if (cells is ["format", var first, ..] && TryParse(first, out double stated))
            {
                start = stated;
            }
            else if (cells is ["packet", var shown, var flags, ..] && flags.StartsWith('K') && TryParse(shown, out double key))
            {
                keys.Add(key);
            }
        }

        int exitCode = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return process.Watchdog.HasStalled || exitCode != 0
            ? throw new MediaException(source.FileName, $"{source.FileName}: its packets could not be listed; ffprobe ended with code {exitCode}.")
            : [.. keys.Select(key => TimeSpan.FromSeconds(Math.Max(0, key - start))).Order()];
    }

    public async Task CutAsync(string path, string target, VideoCut cut, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(cut);
        SourceStream source = await ProbeAsync(path, cancellationToken).ConfigureAwait(false);
        Check(cut, source);
        using PartialOutput output = new(Path.GetFullPath(target));

        // The process may write this file and nothing else, so it must be there before.
        using (new FileStream(output.Path, FileMode.CreateNew, FileAccess.Write))
        {
        }

        await RunAsync(Arguments(cut, source, output.Path), source, output.Path, cancellationToken).ConfigureAwait(false);
        output.Complete();
    }

    private async Task RunAsync(string[] arguments, SourceStream source, string output, CancellationToken cancellationToken)
    {
        MediaProcess process = MediaProcess.StartCutter(arguments, source.Path, output, options.Value, time, _logger);
        await using ConfiguredAsyncDisposable disposal = process.ConfigureAwait(false);
        process.Watchdog.StartWaiting();
        Task steps = FollowAsync(process, cancellationToken);
        LogTail log = new(source.Path, source.FileName);
        while (await process.Log.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            log.Add(line);
        }

        await steps.ConfigureAwait(false);
        int exitCode = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        string said = log.ToString();
        if (said.Contains(NoSpaceMessage, StringComparison.Ordinal))
        {
            throw DiskFull.Error(source.FileName);
        }

        if (process.Watchdog.HasStalled || exitCode != 0 || new FileInfo(output).Length == 0)
        {
            throw new MediaException(source.FileName, $"{source.FileName} could not be cut: ffmpeg ended with code {exitCode}; it said: {said}");
        }
    }

    private static async Task FollowAsync(MediaProcess process, CancellationToken cancellationToken)
    {
        using StreamReader lines = new(process.Output);
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not null)
        {
            process.Watchdog.Progress();
        }
    }

    private static string[] Arguments(VideoCut cut, SourceStream source, string output) =>
    [
        "-hide_banner", "-nostdin", "-loglevel", "error", "-progress", "pipe:1", "-y",
        "-ss", Seconds(cut.Encode ? cut.Start : cut.Start + SeekTolerance), .. InputArguments.For(source.Path),
        "-t", Seconds(cut.End - cut.Start), "-map", string.Create(CultureInfo.InvariantCulture, $"0:{source.Index}"),
        "-map_metadata", "-1", "-map_chapters", "-1",
        .. cut.Encode ? Encoder(cut, source) : (string[])["-c", "copy", "-avoid_negative_ts", "make_zero"],
        "-movflags", "+faststart", "-f", "mp4", "file:" + output,
    ];

    private static string[] Encoder(VideoCut cut, SourceStream source)
    {
        PictureCrop kept = cut.Crop ?? new PictureCrop(0, 0, source.Info.Width, source.Info.Height);
        string[] filters =
        [
            .. source.IsInterlaced ? (string[])["bwdif=mode=send_frame:parity=auto:deint=all"] : [],
            .. cut.Crop is null ? (string[])[] : [string.Create(
                CultureInfo.InvariantCulture, $"crop={kept.Width}:{kept.Height}:{kept.Left}:{kept.Top}:exact=1")],
        ];
        return
        [
            .. filters.Length == 0 ? (string[])[] : ["-vf", string.Join(',', filters)],
            "-c:v", "libx264", "-crf", "18", "-pix_fmt", kept.Width % 2 == 0 && kept.Height % 2 == 0 ? "yuv420p" : "yuv444p",
        ];
    }

    private static void Check(VideoCut cut, SourceStream source)
    {
        Violations violations = new();
        violations.Require(cut.Start >= TimeSpan.Zero && cut.End > cut.Start, "cut", $"got {cut.Start} to {cut.End}", $"a piece that is not empty");
        violations.Require(cut.Encode || cut.Crop is null, "cut.crop", $"got one for a copy", $"only with encode");
        if (cut.Crop is { } crop)
        {
            violations.Require(
                crop is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 } && crop.Left + crop.Width <= source.Info.Width
                    && crop.Top + crop.Height <= source.Info.Height,
                "cut.crop", $"got {crop.Width}x{crop.Height} px at {crop.Left},{crop.Top}", $"within {source.Info.Width}x{source.Info.Height} px");
        }

        violations.ThrowIfAny();
        if (!cut.Encode && !VideoCut.CopyableCodecs.Contains(source.Info.Codec))
        {
            throw new MediaException(
                source.FileName,
                $"{source.FileName} is {source.Info.Codec}, which is not copied into MP4; allowed: {string.Join(", ", VideoCut.CopyableCodecs)}.");
        }
    }

    private async Task<SourceStream> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        SourceStream source =
            await new VideoProbe(options.Value, time, _logger).ReadAsync(Path.GetFullPath(path), cancellationToken).ConfigureAwait(false);
        return source.IsStill ? throw new MediaException(source.FileName, $"{source.FileName} is a still; only films are cut.") : source;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);

    private static bool TryParse(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds);
}
