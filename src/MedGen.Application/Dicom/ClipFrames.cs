using MedGen.Media;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Dicom;

/// <summary>Single frames of clips.</summary>
internal static class ClipFrames
{
    /// <summary>Reads one frame; where the clip has no other way, those before it are decoded and passed over.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="index">The frame, from 0; null: the middle one.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The frame, which the caller disposes; null: there is none of that number.</returns>
    public static async Task<VideoFrame?> ReadFrameAsync(this IVideoClip clip, int? index, CancellationToken cancellationToken)
    {
        long wanted = index ?? ((clip.Info.FrameCount ?? 1) - 1) / 2;
        if (clip is IIndexedClip indexed)
        {
            return wanted < indexed.Info.FrameCount ? await indexed.ReadFrameAsync((int)wanted, cancellationToken).ConfigureAwait(false) : null;
        }

        long seen = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
        {
            if (seen++ == wanted)
            {
                return frame;
            }

            frame.Dispose();
        }

        return null;
    }
}
