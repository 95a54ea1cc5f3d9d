using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Analysis;

/// <summary>What regions must keep to: they lie within the clip.</summary>
internal static class RegionRules
{
    private const int MostCorners = 10_000;
    private const int MostKeypoints = 1_000;

    public static void Check(RegionFinding region, VideoInfo? clip, double tolerance, Violations at)
    {
        if (region.Scope is not FrameScope)
        {
            at.Add("scope", "is no frame; allowed: the frame in which the region is seen.");
            return;
        }

        if (clip is null)
        {
            at.Add("role", "is not given; allowed: the clip in which the region is seen.");
            return;
        }

        switch (region)
        {
            case BoxFinding box:
                at.Require(box.Width > 0, "width", $"got {box.Width}", $"above 0");
                at.Require(box.Height > 0, "height", $"got {box.Height}", $"above 0");
                Corner(box.X, box.Y, clip, tolerance, at);
                Corner(box.X + box.Width, box.Y + box.Height, clip, tolerance, at);
                break;
            case PolygonFinding polygon:
                Points(polygon.Points, 3, MostCorners, point => point, clip, tolerance, at);
                break;
            case KeypointFinding keypoints:
                Points(keypoints.Points, 1, MostKeypoints, point => point?.Point, clip, tolerance, at);
                foreach (Keypoint point in (keypoints.Points ?? []).Where(point => point is not null))
                {
                    at.Require(point.Name is { Length: >= 1 and <= 64 }, "points", $"has a name of another length", $"1 to 64 characters");
                    at.Within<double>("points", point.Score, 0, 1);
                }

                at.Require(
                    (keypoints.Points ?? []).DistinctBy(point => point?.Name).Count() == keypoints.Points?.Count, "points", $"has a name twice",
                    $"each name once");
                break;
            case MaskFinding mask:
                long pixels = (long)clip.Width * clip.Height;
                long sum = (mask.Runs ?? []).Sum(run => (long)run);
                at.Require((mask.Runs ?? []).All(run => run >= 0), "runs", $"has a negative length", $"lengths of at least 0");
                at.Require(sum == pixels, "runs", $"add up to {sum}", $"the clip's pixels, {pixels}");
                break;
        }
    }

    private static void Points<T>(
        IReadOnlyList<T>? points, int least, int most, Func<T, ImagePoint?> where, VideoInfo clip, double tolerance, Violations at)
    {
        at.Require(points?.Count >= least && points.Count <= most, "points", $"has {points?.Count ?? 0}", $"{least} to {most}");
        foreach (T one in (points ?? []).Take(most))
        {
            ImagePoint? point = where(one);
            Corner(point?.X ?? double.NaN, point?.Y ?? double.NaN, clip, tolerance, at);
        }
    }

    private static void Corner(double x, double y, VideoInfo clip, double tolerance, Violations at)
    {
        at.Within<double>("x", x, -tolerance, clip.Width + tolerance);
        at.Within<double>("y", y, -tolerance, clip.Height + tolerance);
    }
}
