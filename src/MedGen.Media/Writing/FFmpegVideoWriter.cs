using System.Runtime.CompilerServices;
using MedGen.Media.Reading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Media.Writing;

internal sealed class FFmpegVideoWriter(IOptions<MediaOptions> options, TimeProvider time, ILogger<FFmpegVideoWriter>? logger = null) : IVideoWriter
{
    private const double MaxFramesPerSecond = 240;
    private const double MaxGifFramesPerSecond = 50;
    private const int WorstQuality = 51;
    private const int NoSpaceLeft = 28; // ENOSPC, which .NET passes on as the HResult

    private readonly ILogger _logger = logger ?? NullLogger<FFmpegVideoWriter>.Instance;

    public async Task<long> WriteAsync(
        string path, IAsyncEnumerable<VideoFrame> frames, VideoEncoding encoding, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(encoding);
        string target = Path.GetFullPath(path);
        Check(encoding);
        CheckTarget(target, encoding.Format);
        string name = Path.GetFileName(target);
        try
        {
            using PartialOutput output = new(target);
            long count = await WriteFramesAsync(output.Path, name, frames, encoding, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            output.Complete();
            return count;
        }
        catch (IOException error) when (error.HResult == NoSpaceLeft)
        {
            throw DiskFull.Error(name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MediaException(name, $"{name} cannot be written: {error.GetType().Name} in its folder.", error);
        }
    }

    private async Task<long> WriteFramesAsync(
        string partial, string name, IAsyncEnumerable<VideoFrame> frames, VideoEncoding encoding, CancellationToken cancellationToken)
    {
        FrameFeed feed = new(frames, cancellationToken);
        await using ConfiguredAsyncDisposable feedDisposal = feed.ConfigureAwait(false);
        VideoFrame first = await feed.FirstAsync().ConfigureAwait(false);
        if (encoding.Format == VideoFormat.PngSequence)
        {
            return await PngSequence.WriteAsync(partial, feed, encoding.ProvenanceId, cancellationToken).ConfigureAwait(false);
        }

        EncodePlan plan = new(partial, first.Width, first.Height, Rational.FromDouble(encoding.FramesPerSecond), encoding);
        FrameEncoder encoder = FrameEncoder.Start(plan, name, options.Value, time, _logger);
        await using ConfiguredAsyncDisposable encoderDisposal = encoder.ConfigureAwait(false);
        long count = await encoder.WriteAsync(feed, cancellationToken).ConfigureAwait(false);
        if (encoding.Format == VideoFormat.Gif)
        {
            await GifComment.AppendAsync(partial, SyntheticNote.For(encoding.ProvenanceId), cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private static void Check(VideoEncoding encoding)
    {
        List<FieldViolation> violations = [];
        double fastest = encoding.Format == VideoFormat.Gif ? MaxGifFramesPerSecond : MaxFramesPerSecond;
        if (!Enum.IsDefined(encoding.Format))
        {
            violations.Add(new("format", $"{(int)encoding.Format} is no known format."));
        }

        if (!(encoding.FramesPerSecond > 0 && encoding.FramesPerSecond <= fastest))
        {
            violations.Add(new("frames_per_second", $"{encoding.FramesPerSecond} frames/s asked; above 0, at most {fastest}."));
        }

        if (encoding.ConstantRateFactor is < 1 or > WorstQuality)
        {
            violations.Add(new("constant_rate_factor", $"{encoding.ConstantRateFactor} asked; 1 to {WorstQuality}."));
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }

        _ = SyntheticNote.For(encoding.ProvenanceId);
    }

    private static void CheckTarget(string target, VideoFormat format)
    {
        string name = Path.GetFileName(target);
        if (!Directory.Exists(Path.GetDirectoryName(target)))
        {
            throw new MediaException(name, $"{name} cannot be written: its folder does not exist.");
        }

        if (Directory.Exists(target) || (format == VideoFormat.PngSequence && File.Exists(target)))
        {
            throw new MediaException(name, $"{name} cannot be written: something of that name is there already.");
        }
    }
}
