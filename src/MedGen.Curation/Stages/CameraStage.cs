using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;

namespace MedGen.Curation.Stages;

/// <summary>
/// Names the camera's motion, and drops nothing: <c>static</c>; <c>pan left</c>, <c>pan right</c>, <c>tilt up</c>, <c>tilt down</c>, <c>zoom in</c>,
/// <c>zoom out</c>, <c>roll clockwise</c>, <c>roll counterclockwise</c>, two with <c>|</c> where both are as strong; <c>unsteady</c> where it goes
/// to and fro. Nothing, where the picture does not move as a whole in half of the frames.
/// </summary>
internal sealed class CameraStage : ICurationStage
{
    // Of the picture's edge, in widths a second. A roll or a zoom moves it by half of its angle or growth.
    private const double StaticBelow = 0.02;
    private const double EdgeOfTurn = 0.5;

    // How much of the way is kept: 1 in one direction, 0 to and fro.
    private const double SteadyShare = 0.5;

    // A second motion that is at least so strong as the first is named, too.
    private const double AlsoShare = 0.6;

    public string Name => "camera motion";

    public string? LeftOut => null;

    public Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CuratedClip>>([Judge(source.Scan.FramesIn(clip.Start, clip.End).ToArray(), clip)]);

    private static CuratedClip Judge(ScanFrame[] frames, CuratedClip clip)
    {
        // The first frame's shift is that from what lies before the clip.
        CameraShift[] shifts = [.. frames.Skip(1).Select(frame => frame.Shift).OfType<CameraShift>()];
        if (shifts.Length == 0 || 2 * shifts.Length < frames.Length - 1)
        {
            return clip;
        }

        double rate = (frames.Length - 1) / (frames[^1].Time - frames[0].Time);

        // The camera goes against its picture: content to the left is a pan to the right.
        Way[] ways =
        [
            Way.Of(shifts.Select(shift => -shift.X * rate), "pan right", "pan left"),
            Way.Of(shifts.Select(shift => -shift.Y * rate), "tilt down", "tilt up"),
            Way.Of(shifts.Select(shift => shift.Growth * EdgeOfTurn * rate), "zoom in", "zoom out"),
            Way.Of(shifts.Select(shift => -shift.Turn * EdgeOfTurn * rate), "roll clockwise", "roll counterclockwise"),
        ];
        CuratedClip scored = clip
            .With("camera_pan", ways[0].Mean).With("camera_tilt", ways[1].Mean)
            .With("camera_zoom", ways[2].Mean / EdgeOfTurn).With("camera_roll", double.RadiansToDegrees(ways[3].Mean / EdgeOfTurn));
        return scored with { CameraMotion = Word(ways) };
    }

    private static string Word(Way[] ways)
    {
        if (ways.All(way => way.MeanLength < StaticBelow))
        {
            return "static";
        }

        Way[] steady = [.. ways.Where(way => Math.Abs(way.Mean) >= StaticBelow && Math.Abs(way.Mean) >= SteadyShare * way.MeanLength)];
        if (steady.Length == 0 || steady.Max(way => Math.Abs(way.Mean)) < SteadyShare * ways.Max(way => way.MeanLength))
        {
            return "unsteady";
        }

        double strongest = steady.Max(way => Math.Abs(way.Mean));
        return string.Join('|', steady.Where(way => Math.Abs(way.Mean) >= AlsoShare * strongest).OrderByDescending(way => Math.Abs(way.Mean))
            .Take(2).Select(way => way.Word));
    }

    // A motion a second: where it leads to, and how long the way is.
    private sealed record Way(double Mean, double MeanLength, string Word)
    {
        public static Way Of(IEnumerable<double> steps, string forward, string backward)
        {
            double[] all = [.. steps];
            double mean = all.Average();
            return new Way(mean, all.Average(Math.Abs), mean > 0 ? forward : backward);
        }
    }
}
