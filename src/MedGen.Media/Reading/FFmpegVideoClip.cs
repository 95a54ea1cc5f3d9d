using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Reading;

internal sealed class FFmpegVideoClip(
    SourceStream source, MediaOptions options, DecodeBudget budget, TimeProvider time, ILogger logger, bool keyframesOnly = false) : IVideoClip
{
    public VideoInfo Info => source.Info;

    public bool IsLive => false;

    /// <summary>The same film, of which only the frames that are stored whole are decoded.</summary>
    public FFmpegVideoClip OfKeyframes() => new(source, options, budget, time, logger, keyframesOnly: true);

    public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        SamplingRules.Check(sampling, Info, options);
        return DecodeAsync(new DecodePlan(source, sampling, options, budget.Limit) { KeyframesOnly = keyframesOnly }, cancellationToken);
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
}
