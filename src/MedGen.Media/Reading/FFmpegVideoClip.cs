using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Reading;

internal sealed class FFmpegVideoClip(
    SourceStream source, MediaOptions options, DecodeBudget budget, TimeProvider time, ILogger logger) : IVideoClip
{
    private const double MaxFramesPerSecond = 240;

    public VideoInfo Info => source.Info;

    public bool IsLive => false;

    public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        Check(sampling);
        return DecodeAsync(new DecodePlan(source, sampling, options, budget.Limit), cancellationToken);
    }

    private async IAsyncEnumerable<VideoFrame> DecodeAsync(DecodePlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable share = await budget.TakeAsync(source.FileName, plan.Cost.Bytes, cancellationToken).ConfigureAwait(false);

        // The iterator's disposal ends the decoder also when the reader leaves early.
        FrameDecoder decoder = FrameDecoder.Start(plan, options, time, logger, cancellationToken);
        try
        {
            await using ConfiguredAsyncDisposable decoderDisposal = decoder.ConfigureAwait(false);
            await foreach (VideoFrame frame in decoder.Frames.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return frame;
            }
        }
        finally
        {
            if (3L * plan.Width * plan.Height > VideoFrame.LargestPooled)
            {
                // Hundreds of MiB of garbage would stay with an idle host until it next has reason to collect.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
            }
        }
    }

    private void Check(FrameSampling sampling)
    {
        List<FieldViolation> violations = [];
        if (sampling.FramesPerSecond is double rate && !(rate > 0 && rate <= MaxFramesPerSecond))
        {
            violations.Add(new("frames_per_second", $"{rate} frames/s asked; above 0, at most {MaxFramesPerSecond}."));
        }

        if (sampling.Start < TimeSpan.Zero)
        {
            violations.Add(new("start", $"{sampling.Start.TotalSeconds} s asked; 0 or later."));
        }

        if (sampling.MaxFrames is < 1)
        {
            violations.Add(new("max_frames", $"{sampling.MaxFrames} asked; at least 1."));
        }

        if (sampling.Width is null != sampling.Height is null)
        {
            violations.Add(new("width", "width and height are given both or not at all."));
        }
        else if (sampling is { Width: int width, Height: int height } && (width < 1 || height < 1 || (long)width * height > options.MaxPixels))
        {
            violations.Add(new("width", $"{width}x{height} px asked; each at least 1, at most {options.MaxPixels} px in all."));
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }
}
