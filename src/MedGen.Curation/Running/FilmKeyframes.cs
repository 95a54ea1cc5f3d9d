using MedGen.Curation.Networks;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Curation.Videos;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Running;

/// <summary>
/// Looks at a film's keyframes before all its frames are decoded: of most films of a pile that is not medical, that is enough. Encoders put a
/// keyframe at a cut and every few seconds, so each shot that is long enough has one.
/// </summary>
internal sealed class FilmKeyframes(IVideoReader reader, CurationSpec spec, IFrameNetwork network)
{
    private const double WidestGap = 12; // s; x264's default is 250 frames

    /// <summary>Why films are not looked at by keyframes, in words; null: they are.</summary>
    public string? LeftOut =>
        !network.Answers ? "there are no weights of the imaging-modality classifier"
        : !spec.Medical.KeyframesFirst || spec.Medical.MinProbability == 0 ? "the specification asks for all frames of all films"
        : null;

    /// <summary>Says why a film need not be decoded.</summary>
    /// <param name="path">The film.</param>
    /// <param name="video">What is known of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The reason, in words; null: it must be looked at frame by frame.</returns>
    public async Task<string?> RejectAsync(string path, SourceVideo video, CancellationToken cancellationToken)
    {
        if (LeftOut is not null)
        {
            return null;
        }

        try
        {
            IVideoClip clip = await reader.OpenKeyframesAsync(path, cancellationToken).ConfigureAwait(false);
            return await LookAsync(clip, video.Seconds, cancellationToken).ConfigureAwait(false);
        }
        catch (MediaException)
        {
            // Damaged: the scan goes up to the damage, and tells of it.
            return null;
        }
    }

    private async Task<string?> LookAsync(IVideoClip clip, double seconds, CancellationToken cancellationToken)
    {
        (int width, int height) = ScanSize.Of(clip.Info, spec.Scan.LongSide);
        (double before, double looked, double gap, double most) = (0, double.NegativeInfinity, 0, 0);
        int looks = 0;
        FrameSampling sampling = new() { Width = width, Height = height };
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                double time = frame.Timestamp.TotalSeconds;
                (gap, before) = (Math.Max(gap, time - before), time);
                if (time - looked < spec.Coherence.MinSeconds / 2)
                {
                    continue;
                }

                (looked, looks) = (time, looks + 1);
                FrameAnswer? answer = (await network.LookAsync(frame, cancellationToken).ConfigureAwait(false)).Answer;
                if (answer is not null && Passes(answer))
                {
                    return null;
                }

                most = Math.Max(most, answer?.Medical ?? 0);
            }
        }

        return Math.Max(gap, seconds - before) > WidestGap ? null
            : FormattableString.Invariant($"none of {looks} keyframes shows something medical of a known modality (probability {most:0.00} at most)");
    }

    private bool Passes(FrameAnswer answer) =>
        answer.Medical >= spec.Medical.MinProbability
        && (!spec.Medical.DropUnknown || network.Modality([answer]) is not (null or IFrameNetwork.Unknown));
}
