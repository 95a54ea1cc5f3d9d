using MedGen.Application.Jobs;
using MedGen.Sdk.Analysis;

namespace MedGen.WebConsole.Analysis;

/// <summary>Findings along a clip's time: a lane for each output that says something about parts of it.</summary>
public sealed class ClipCourse
{
    private ClipCourse(IReadOnlyList<CourseLane> lanes) => (Lanes, End) = (lanes, lanes.Max(lane => (double?)lane.End) ?? 0);

    /// <summary>The lanes, in the order of the analyzer's outputs; empty: everything is about the whole clip.</summary>
    public IReadOnlyList<CourseLane> Lanes { get; }

    /// <summary>Where the last part ends, in s.</summary>
    public double End { get; }

    /// <summary>Orders findings by time.</summary>
    /// <param name="final">What stands.</param>
    /// <param name="interim">What was said of single frames meanwhile; it fills lanes of which nothing final is said.</param>
    /// <returns>The course.</returns>
    public static ClipCourse Of(IReadOnlyList<FindingsReported> final, IReadOnlyList<FindingsReported> interim)
    {
        ArgumentNullException.ThrowIfNull(final);
        ArgumentNullException.ThrowIfNull(interim);
        AnalyzerOutput[] outputs = [.. final.Concat(interim).SelectMany(report => report.Analyzer.Outputs).DistinctBy(output => output.Name)];
        return new ClipCourse([.. outputs.Select(output => LaneOf(output, final) ?? LaneOf(output, interim)).OfType<CourseLane>()]);
    }

    private static CourseLane? LaneOf(AnalyzerOutput output, IReadOnlyList<FindingsReported> reports)
    {
        Finding[] mine = [.. reports.SelectMany(report => report.Findings).Where(finding => finding.Output == output.Name)];
        CourseSegment[] spans = [.. mine.SelectMany(finding => SpansOf(output, finding)).OrderBy(segment => segment.Start)];
        CourseSegment[] segments = spans.Length > 0 ? spans : [.. FramesOf(output, mine)];
        CourseMark[] marks =
        [
            .. mine.OfType<TransitionFinding>().Select(change =>
                new CourseMark(change.Onset.TotalSeconds, $"{change.From} → {change.To}, {change.Confidence:P0} sure")),
        ];
        return segments.Length + marks.Length == 0 ? null : new CourseLane(output.Name, output.Description, segments, marks);
    }

    private static IEnumerable<CourseSegment> SpansOf(AnalyzerOutput output, Finding finding) => finding switch
    {
        LabelFinding { Scope: SpanScope span, Labels: { Count: > 0 } labels } answer =>
            labels.Select(label => Segment(output, span.Start, span.End, label, ProbabilityOf(output, answer, label))),
        MeasurementFinding { Scope: SpanScope span } measured =>
            [Segment(output, span.Start, span.End, $"{measured.Value:0.###} {(output.Unit == "1" ? "" : output.Unit)}".Trim(), null)],
        _ => [],
    };

    // Frames in a row with one label are one part, as sure as its least sure frame. The last one is as long as the one before.
    private static IEnumerable<CourseSegment> FramesOf(AnalyzerOutput output, IEnumerable<Finding> findings)
    {
        (double Time, string Label, double? Probability)[] frames =
        [
            .. findings.OfType<LabelFinding>().Where(answer => answer is { Scope: FrameScope, Labels.Count: > 0 })
                .Select(answer => (
                    ((FrameScope)answer.Scope).Timestamp.TotalSeconds, answer.Labels[0], ProbabilityOf(output, answer, answer.Labels[0])))
                .OrderBy(frame => frame.TotalSeconds),
        ];
        int start = 0;
        for (int i = 1; i <= frames.Length; i++)
        {
            if (i == frames.Length || frames[i].Label != frames[start].Label)
            {
                double end = i < frames.Length ? frames[i].Time : frames[^1].Time + (frames.Length > 1 ? frames[^1].Time - frames[^2].Time : 0.04);
                double? least = frames[start..i].Min(frame => frame.Probability);
                yield return Segment(output, TimeSpan.FromSeconds(frames[start].Time), TimeSpan.FromSeconds(end), frames[start].Label, least);
                start = i;
            }
        }
    }

    private static CourseSegment Segment(AnalyzerOutput output, TimeSpan start, TimeSpan end, string label, double? probability) =>
        new(start.TotalSeconds, end.TotalSeconds, label, probability, IndexOf(output, label));

    private static double? ProbabilityOf(AnalyzerOutput output, LabelFinding answer, string label) =>
        IndexOf(output, label) is >= 0 and var index && index < answer.Probabilities.Count ? answer.Probabilities[index] : null;

    private static int IndexOf(AnalyzerOutput output, string label) =>
        output.Labels.Index().FirstOrDefault(one => one.Item.Name == label, (-1, null!)).Index;
}

/// <summary>One output along the time.</summary>
/// <param name="Output">Name of the output.</param>
/// <param name="Description">What it says.</param>
/// <param name="Segments">Its parts, by their beginning.</param>
/// <param name="Marks">Moments at which it changed.</param>
public sealed record CourseLane(string Output, string Description, IReadOnlyList<CourseSegment> Segments, IReadOnlyList<CourseMark> Marks)
{
    /// <summary>Where its last part ends, in s.</summary>
    public double End => Segments.Select(segment => segment.End).Concat(Marks.Select(mark => mark.Time)).DefaultIfEmpty().Max();
}

/// <summary>A part of a clip of which something is said.</summary>
/// <param name="Start">Where it begins, in s.</param>
/// <param name="End">Where it ends, in s.</param>
/// <param name="Label">What is said.</param>
/// <param name="Probability">How sure the analyzer is; null: it does not say.</param>
/// <param name="Index">Number of the label among the output's, for its colour; −1: none of them.</param>
public sealed record CourseSegment(double Start, double End, string Label, double? Probability, int Index)
{
    /// <summary>Below it a part is drawn as doubtful.</summary>
    public const double Sure = 0.5;

    /// <summary>How long it is, in s.</summary>
    public double Length => End - Start;

    /// <summary>Whether it is drawn as doubtful.</summary>
    public bool IsDoubtful => Probability < Sure;
}

/// <summary>A moment of a clip.</summary>
/// <param name="Time">When, in s.</param>
/// <param name="Text">What happened.</param>
public sealed record CourseMark(double Time, string Text);
