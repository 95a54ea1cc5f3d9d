using System.Globalization;
using System.Runtime.CompilerServices;
using MedGen.Media.Processes;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Reading;

/// <summary>How long a film is that does not say so: its packets are read once, none of them is decoded.</summary>
internal sealed class PacketDuration(MediaOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// From the first packet's time to the end of the last; by their number and the frame rate where they have no times (raw streams).
    /// </summary>
    /// <returns>Null when neither is known.</returns>
    /// <exception cref="MediaException">The file cannot be read to its end in time.</exception>
    public async Task<TimeSpan?> MeasureAsync(string path, SourceStream source, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "quiet", "-select_streams", source.Index.ToString(CultureInfo.InvariantCulture),
            "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", .. InputArguments.For(path),
        ];
        MediaProcess process = MediaProcess.StartProbe(arguments, path, options, time, logger);
        await using ConfiguredAsyncDisposable processDisposal = process.ConfigureAwait(false);
        process.Watchdog.StartWaiting();
        using StreamReader lines = new(process.Output);
        (double first, double end, long count) = (double.PositiveInfinity, double.NegativeInfinity, 0);
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            process.Watchdog.Progress();
            count++;
            string[] cells = line.Split(',');
            if (TryParse(cells[0], out double start))
            {
                double shown = cells.Length > 1 && TryParse(cells[1], out double length)
                    ? length
                    : 1 / (source.Info.FrameRate ?? double.PositiveInfinity);
                (first, end) = (Math.Min(first, start), Math.Max(end, start + shown));
            }
        }

        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.Watchdog.HasStalled)
        {
            throw new MediaException(
                source.FileName, $"{source.FileName} could not be measured: ffprobe made no progress for {options.StallTimeout.TotalSeconds:0} s.");
        }

        return end > first ? TimeSpan.FromSeconds(end - first)
            : source.Info.FrameRate is > 0 and double rate && count > 0 ? TimeSpan.FromSeconds(count / rate)
            : null;
    }

    private static bool TryParse(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds);
}
