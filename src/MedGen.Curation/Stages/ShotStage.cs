using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;

namespace MedGen.Curation.Stages;

/// <summary>
/// Divides a film at cuts (a jump of hue, saturation and value) and fades (a run of black or white frames with the slopes beside it). The time
/// between the two frames of a cut, and all of a fade, belong to no shot.
/// </summary>
internal sealed class ShotStage(ShotSpec spec) : ICurationStage
{
    public string Name => "shots";

    public string? LeftOut => null;

    public Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        ScanFrame[] frames = [.. source.Scan.FramesIn(clip.Start, clip.End)];
        bool[] isFade = Fades(frames);
        List<CuratedClip> shots = [];
        int first = -1;
        for (int i = 0; i <= frames.Length; i++)
        {
            bool ends = i == frames.Length || isFade[i] || (first >= 0 && i > first && frames[i].Content >= spec.Content);
            if (ends && first >= 0)
            {
                // Up to the last frame that surely is of this shot; to the end of the film, where there is no other.
                bool isLast = i == frames.Length && source.Scan.BrokenOff is null;
                shots.Add(clip with { Start = frames[first].Time, End = isLast ? clip.End : frames[i - 1].Time });
                first = -1;
            }

            first = first < 0 && i < frames.Length && !isFade[i] ? i : first;
        }

        CuratedClip[] longEnough = [.. shots.Where(shot => shot.Seconds > 0)];
        return Task.FromResult<IReadOnlyList<CuratedClip>>(
            longEnough.Length > 0 ? longEnough : [clip.Reject(Name, $"black or white throughout")]);
    }

    private bool[] Fades(ScanFrame[] frames)
    {
        bool[] isFade = [.. frames.Select(frame => frame.Hash == 0 && (frame.Luma < spec.Dark || frame.Luma > spec.Bright))];
        bool[] isBlank = [.. isFade];
        for (int i = 0; i < frames.Length; i++)
        {
            if (isBlank[i])
            {
                Climb(i, -1);
                Climb(i, 1);
            }
        }

        return isFade;

        // From a blank frame along the slope of brightness, as long as it goes the same way.
        void Climb(int from, int step)
        {
            int direction = frames[from].Luma < spec.Dark ? 1 : -1;
            for (int i = from + step; i >= 0 && i < frames.Length && !isBlank[i]; i += step)
            {
                // A jump is a cut to black, not a slope.
                double change = direction * (frames[i].Luma - frames[i - step].Luma);
                bool jumps = frames[Math.Max(i, i - step)].Content >= spec.Content;
                if (change < spec.FadeStep || jumps)
                {
                    break;
                }

                isFade[i] = true;
            }
        }
    }
}
