using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Analysis;

/// <summary>Frames that arrive while they are read. They can be read once; of a sampling the rate, the start and the number count.</summary>
internal sealed class LiveClip(VideoInfo info, IAsyncEnumerable<VideoFrame> frames) : IVideoClip
{
    private int _reads;

    public VideoInfo Info => info;

    public bool IsLive => true;

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
        FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _reads) > 1)
        {
            throw new InvalidOperationException("A live clip can be read once.");
        }

        int taken = 0;
        long lastPoint = -1;
        await foreach (VideoFrame frame in frames.WithCancellation(cancellationToken))
        {
            // The rate's grid: the first frame in each interval is taken at once, without waiting for a better one.
            double seconds = (frame.Timestamp - sampling.Start).TotalSeconds;
            long point = sampling.FramesPerSecond is { } rate ? (long)Math.Floor(seconds * rate) : lastPoint + 1;
            if (frame.Timestamp < sampling.Start || point <= lastPoint)
            {
                frame.Dispose();
                continue;
            }

            lastPoint = point;
            yield return frame;
            if (++taken >= sampling.MaxFrames)
            {
                yield break;
            }
        }
    }
}
