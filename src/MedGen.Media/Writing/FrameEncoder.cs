using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media.Processes;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Writing;

/// <summary>One run of ffmpeg that takes raw pictures from its standard input.</summary>
internal sealed class FrameEncoder : IAsyncDisposable
{
    private const string NoSpaceMessage = "No space left on device";

    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(10);

    private readonly MediaProcess _process;
    private readonly MediaOptions _options;
    private readonly string _name;
    private readonly LogTail _log;
    private readonly Task _logReading;

    private FrameEncoder(MediaProcess process, EncodePlan plan, string name, MediaOptions options)
    {
        _process = process;
        _options = options;
        _name = name;
        _log = new LogTail(plan.Path, name);
        _logReading = ReadLogAsync();
    }

    public static FrameEncoder Start(EncodePlan plan, string name, MediaOptions options, TimeProvider time, ILogger logger)
    {
        // The encoder may write this file and nothing else, so it must be there before.
        using (new FileStream(plan.Path, FileMode.CreateNew, FileAccess.Write))
        {
        }

        MediaProcess process = MediaProcess.StartEncoder(plan.Arguments(), plan.Path, options, time, logger);
        PipeBuffer.Enlarge(process.Input);
        logger.EncoderStarted(process.Id, plan.Width, plan.Height);
        return new FrameEncoder(process, plan, name, options);
    }

    public async Task<long> WriteAsync(FrameFeed feed, CancellationToken cancellationToken)
    {
        long count = 0;
        bool broken = false;
        while (!broken && await feed.NextAsync().ConfigureAwait(false) is VideoFrame frame)
        {
            broken = !await TryWriteAsync(frame, cancellationToken).ConfigureAwait(false);
            count++;
        }

        _process.Watchdog.StartWaiting();
        _process.Input.Close();
        await _logReading.WaitAsync(cancellationToken).ConfigureAwait(false);
        int exitCode = await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        string log = _log.ToString();
        return log.Contains(NoSpaceMessage, StringComparison.Ordinal) ? throw DiskFull.Error(_name)
            : _process.Watchdog.HasStalled
                ? throw new MediaException(
                    _name, $"{_name} could not be written: the encoder made no progress for {_options.StallTimeout.TotalSeconds:0} s.")
            : exitCode != 0 || broken
                ? throw new MediaException(_name, $"{_name} could not be written: the encoder failed with code {exitCode}; ffmpeg said: {log}")
            : count;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();

        // Its end is that of the last process that holds it.
        await _logReading.WaitAsync(LogPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    // False when the encoder has closed its end: why is in its log and its exit code.
    private async Task<bool> TryWriteAsync(VideoFrame frame, CancellationToken cancellationToken)
    {
        _process.Watchdog.StartWaiting();
        try
        {
            await _process.Input.WriteAsync(frame.Pixels, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            _process.Watchdog.StopWaiting();
        }
    }

    private async Task ReadLogAsync()
    {
        while (await _process.Log.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            _log.Add(line);
        }
    }
}
