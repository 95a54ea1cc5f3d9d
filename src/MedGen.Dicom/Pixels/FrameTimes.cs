using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Pixels;

/// <summary>When the frames of a multi-frame object are shown.</summary>
public sealed class FrameTimes
{
    /// <summary>Frames per second of several frames that state no time.</summary>
    public const double DefaultRate = 10;

    private const double ShortestInterval = 1e-3;
    private const double LongestInterval = 3.6e6;
    private const double LongestClip = 1e10;

    private readonly double[]? _starts;
    private readonly double _interval;

    private FrameTimes(double interval, double[]? starts, string source, int frames)
    {
        (_interval, _starts, Source) = (interval, starts, source);
        Rate = starts is null ? 1000 / interval : starts[^1] > 0 ? 1000 * (frames - 1) / starts[^1] : DefaultRate;
    }

    /// <summary>Mean frames per second.</summary>
    public double Rate { get; }

    /// <summary>Whether the intervals differ.</summary>
    public bool IsVariable => _starts is not null && Enumerable.Range(1, _starts.Length - 1)
        .Any(i => Math.Abs(_starts[i] - _starts[i - 1] - (_starts[1] - _starts[0])) > 1e-3);

    /// <summary>What it is taken from: the name of an element, or that it is the default.</summary>
    public string Source { get; }

    /// <summary>Frames at a steady interval.</summary>
    /// <param name="interval">From one to the next, 1 microsecond to 1 hour.</param>
    /// <param name="frames">How many; 2 or more.</param>
    /// <param name="source">What it is taken from.</param>
    /// <returns>Their times.</returns>
    public static FrameTimes Every(TimeSpan interval, int frames, string source) => new(interval.TotalMilliseconds, null, source, frames);

    /// <summary>When a frame appears, from the first one on.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <returns>Its time.</returns>
    public TimeSpan At(int index) => TimeSpan.FromMilliseconds(_starts is null ? index * _interval : _starts[index]);

    /// <summary>Frames at the default rate; null for one.</summary>
    internal static FrameTimes? Steady(int frames) => frames == 1 ? null : new FrameTimes(1000 / DefaultRate, null, "default", frames);

    /// <summary>
    /// By (0028,0009) Frame Increment Pointer, else the first of Frame Time Vector, Frame Time, Cine Rate and Recommended Display Frame Rate, else
    /// <see cref="DefaultRate"/>. Null for one frame.
    /// </summary>
    internal static FrameTimes? Read(DicomDataSet set, int frames)
    {
        if (frames == 1)
        {
            return null;
        }

        IReadOnlyList<DicomTag> pointed = set.Find(DicomTags.FrameIncrementPointer) is { Length: > 0 } pointer
            ? [.. Numbers.Tags(pointer.Read(1 << 16, set.Name))]
            : [];
        bool wantsVector = pointed.Contains(DicomTags.FrameTimeVector);
        if (set.Decimals(DicomTags.FrameTimeVector) is { Count: > 0 } vector && (wantsVector || !pointed.Contains(DicomTags.FrameTime)))
        {
            return OfVector(set, vector, frames);
        }

        return set.Decimal(DicomTags.FrameTime) is > 0 and { } time ? OfInterval(set, time, DicomTags.FrameTime, frames)
            : set.Decimal(DicomTags.CineRate) is > 0 and { } cine ? OfInterval(set, 1000 / cine, DicomTags.CineRate, frames)
            : set.Decimal(DicomTags.RecommendedDisplayFrameRate) is > 0 and { } shown
                ? OfInterval(set, 1000 / shown, DicomTags.RecommendedDisplayFrameRate, frames)
            : Steady(frames);
    }

    private static FrameTimes OfInterval(DicomDataSet set, double interval, DicomTag tag, int frames) =>
        interval is >= ShortestInterval and <= LongestInterval && interval * frames <= LongestClip
            ? new FrameTimes(interval, null, StandardElements.NameOf(tag)!, frames)
            : throw new MediaException(
                set.Name, $"{set.Name}: {tag} gives each of {frames} frames {interval:G4} ms; {ShortestInterval} to {LongestInterval:0} ms, in all "
                    + $"{LongestClip:0} at most, are read.");

    // Each entry is the time since the frame before, the first 0 (PS3.3, C.7.6.5.1.2).
    private static FrameTimes OfVector(DicomDataSet set, IReadOnlyList<double> vector, int frames)
    {
        if (vector.Count != frames || vector.Skip(1).Any(step => step is < 0 or > LongestInterval) || vector.Sum() > LongestClip)
        {
            throw new MediaException(
                set.Name, $"{set.Name}: {DicomTags.FrameTimeVector} has {vector.Count} steps for {frames} frames"
                    + $"; one of 0 to {LongestInterval:0} ms is needed for each.");
        }

        double[] starts = new double[frames];
        for (int i = 1; i < frames; i++)
        {
            starts[i] = starts[i - 1] + vector[i];
        }

        return new FrameTimes(0, starts, "FrameTimeVector", frames);
    }
}
