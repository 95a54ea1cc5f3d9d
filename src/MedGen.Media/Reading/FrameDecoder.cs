using System.Threading.Channels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media.Processes;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Reading;

/// <summary>One run of ffmpeg: pictures from its standard output, their stamps and its complaints from its standard error.</summary>
internal sealed class FrameDecoder : IAsyncDisposable
{
    private readonly DecodePlan _plan;
    private readonly MediaOptions _options;
    private readonly ILogger _logger;
    private readonly MediaProcess _process;
    private readonly FrameTimeline _timeline;
    private readonly LogTail _log;
    private readonly Channel<FrameStamp> _stamps = Channel.CreateUnbounded<FrameStamp>(new() { SingleReader = true, SingleWriter = true });
    private readonly Channel<VideoFrame> _frames;
    private readonly CancellationTokenSource _stop;
    private Task _work = Task.CompletedTask;

    private FrameDecoder(DecodePlan plan, MediaOptions options, MediaProcess process, ILogger logger, CancellationToken cancellationToken)
    {
        _plan = plan;
        _options = options;
        _logger = logger;
        _process = process;
        _timeline = new FrameTimeline(plan);
        _log = new LogTail(plan.Source.Path, plan.Source.FileName);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _frames = Channel.CreateBounded<VideoFrame>(new BoundedChannelOptions(plan.ReadAhead) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>The pictures in order; each belongs to who takes it. Ends with the error when the source breaks off.</summary>
    public ChannelReader<VideoFrame> Frames => _frames.Reader;

    public static FrameDecoder Start(
        DecodePlan plan, MediaOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MediaProcess process = MediaProcess.StartDecoder(plan.Arguments(), plan.Source.Path, options, time, logger);
        PipeBuffer.Enlarge(process.Output);
        logger.DecoderStarted(process.Id, plan.Width, plan.Height);
        FrameDecoder decoder = new(plan, options, process, logger, cancellationToken);
        decoder._work = decoder.RunAsync();
        return decoder;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _process.Kill();
        await _work.ConfigureAwait(false);
        while (_frames.Reader.TryRead(out VideoFrame? frame))
        {
            frame.Dispose();
        }

        await _process.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        // Both pipes are read at the same time: a child that cannot write its log would not write its pictures either.
        Task log = ReadLogAsync(_stop.Token);
        Exception? failure = null;
        long delivered = 0;
        try
        {
            delivered = await ReadPicturesAsync(_stop.Token).ConfigureAwait(false);
            if (delivered != _plan.MaxFrames)
            {
                await log.ConfigureAwait(false);
                failure = await FindFailureAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            // Handed to the reader of the frames, who gets it in place of the next frame.
            failure = error;
        }

        MediaDiagnostics.DecodedFrames.Add(delivered);
        string outcome = failure switch { null => "ok", OperationCanceledException => "cancelled", _ => "failed" };
        MediaDiagnostics.DecodedStreams.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _frames.Writer.TryComplete(failure);
        _process.Kill();
        await log.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<long> ReadPicturesAsync(CancellationToken cancellationToken)
    {
        long delivered = 0;
        while (delivered != _plan.MaxFrames)
        {
            _process.Watchdog.StartWaiting();
            if (!await _stamps.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) || !_stamps.Reader.TryRead(out FrameStamp stamp))
            {
                break;
            }

            VideoFrame frame = VideoFrame.RentIn(_plan.Format, _plan.Width, _plan.Height, stamp.Index, stamp.Timestamp);
            try
            {
                // One switch of threads a frame: the pipe comes in pieces of 32 KiB, and each asynchronous read of one would cost a switch.
                // It does not block for long, because the picture follows its stamp at once; where it does not, the child's end ends it.
                if (!await Task.Run(() => Fill(frame.WritablePixels.Span, cancellationToken), cancellationToken).ConfigureAwait(false))
                {
                    frame.Dispose();
                    break;
                }

                _process.Watchdog.StopWaiting();
                await _frames.Writer.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                frame.Dispose();
                throw;
            }

            delivered++;
        }

        return delivered;
    }

    private bool Fill(Span<byte> pixels, CancellationToken cancellationToken)
    {
        while (!pixels.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = _process.Output.Read(pixels);
            if (read == 0)
            {
                return false;
            }

            _process.Watchdog.Progress();
            pixels = pixels[read..];
        }

        return true;
    }

    private async Task ReadLogAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            while (await _process.Log.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (!_timeline.TryTake(line, out FrameStamp? stamp))
                {
                    _log.Add(line);
                    continue;
                }

                _process.Watchdog.Progress();
                if (stamp is { } announced)
                {
                    _stamps.Writer.TryWrite(announced);
                }
            }
        }
        catch (Exception error)
        {
            failure = error;
            throw;
        }
        finally
        {
            _stamps.Writer.TryComplete(failure);
        }
    }

    // ffmpeg ends with code 0 also when a file breaks off, so what it delivered is held against what the container promised.
    private async Task<MediaException?> FindFailureAsync(CancellationToken cancellationToken)
    {
        int exitCode = await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        _logger.DecoderEnded(_process.Id, _timeline.SourceFrames, exitCode);
        SourceStream source = _plan.Source;
        string? why =
            _process.Watchdog.HasStalled ? $"the decoder made no progress for {_options.StallTimeout.TotalSeconds:0} s"
            : _timeline.SourceFrames == 0 ? "no frame could be decoded"
            : exitCode != 0 ? $"the decoder failed with code {exitCode} after {_timeline.SourceFrames} frames"
            : !_log.IsEmpty && EndsEarly() ? $"it breaks off after {_timeline.SourceFrames} frames"
            : null;
        if (why is null)
        {
            return null;
        }

        string said = _log.IsEmpty ? string.Empty : $"; ffmpeg said: {_log}";
        return new MediaException(source.FileName, $"{source.FileName}: {why}; ffprobe saw {source.Describe()}{said}");
    }

    // Two frame intervals of slack: a container's duration may count the display time of the last frame or not.
    private bool EndsEarly()
    {
        VideoInfo info = _plan.Source.Info;
        if (!_plan.Source.StatesDuration || info.FrameRate is not > 0 || info.Duration is not TimeSpan duration)
        {
            return true;
        }

        return _timeline.LastTimestamp + TimeSpan.FromSeconds(2 / info.FrameRate.Value) < duration;
    }
}
