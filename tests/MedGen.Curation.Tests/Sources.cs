using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Stages;
using MedGen.Curation.Videos;

namespace MedGen.Curation.Tests;

/// <summary>Scans that a test writes down, without any film.</summary>
internal static class Sources
{
    public const int Rate = 5;

    public static readonly BlackBorders NoBorders = new(0, 0, 0, 0);

    /// <summary>A film of 640 × 480 px whose scan has the frames and seconds given; frames are a fifth of a second apart.</summary>
    public static ClipSource Of(IEnumerable<ScanFrame> frames, IEnumerable<ScanSecond>? seconds = null)
    {
        VideoScan scan = new() { Width = 64, Height = 48, Frames = [.. frames], Seconds = [.. seconds ?? []] };
        SourceVideo video = new() { FileName = "film.mp4", Width = 640, Height = 480, Seconds = scan.Frames.Count / (double)Rate, FrameRate = 25 };
        return new ClipSource(null!, video, scan, "film.mp4", "out");
    }

    /// <summary>Frames of the given brightness and change.</summary>
    public static IEnumerable<ScanFrame> Frames(params (double Luma, double Content)[] frames) => frames.Select((frame, i) => new ScanFrame(
        (double)i / Rate, frame.Content, frame.Luma, frame.Luma is < 12 or > 243 ? 0UL : 1UL, NoBorders));

    /// <summary>Seconds of the given similarity.</summary>
    public static IEnumerable<ScanSecond> Seconds(params double[] similarities) =>
        similarities.Select((similarity, i) => new ScanSecond(i, similarity, 1, 0, Answer: null));

    /// <summary>The whole film as one clip.</summary>
    public static CuratedClip Whole(ClipSource source) => new() { Start = 0, End = source.Video.Seconds };

    /// <summary>What a stage makes of the whole film.</summary>
    public static async Task<IReadOnlyList<CuratedClip>> RunAsync(ICurationStage stage, ClipSource source) =>
        await stage.RunAsync(source, Whole(source), TestContext.Current.CancellationToken);
}
