using MedGen.Sdk.Classification;
using MedGen.Classifiers.Temporal;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>
/// Puts the course of a film into segments, those without a picture among them, and tells what is missing, repeated and doubtful. A phase that goes
/// on after a time without a picture is not repeated.
/// </summary>
internal sealed class PhaseTimeline(IReadOnlyList<string> labels, WorkflowGraph workflow, PhaseParameters parameters)
{
    private const int LeastDoubtfulSeconds = 3;

    /// <param name="seconds">The analysed seconds.</param>
    /// <param name="decided">Phase of each of them that has a picture.</param>
    /// <param name="withFrames">Whether every second's answer is added.</param>
    public ClipTimeline Build(IReadOnlyList<PhaseSecond> seconds, IReadOnlyList<int> decided, bool withFrames)
    {
        int next = 0;
        int?[] course = [.. seconds.Select(second => second.HasPicture ? decided[next++] : (int?)null)];
        List<LabelSegment> segments = [];
        List<int> entered = [];
        foreach ((int start, int end) in Runs(course.Length, i => course[i] == course[i - 1]))
        {
            bool changes = course[start] is { } phase && (entered.Count == 0 || entered[^1] != phase);
            segments.Add(new LabelSegment
            {
                Label = LabelOf(course[start]),
                Start = seconds[start].Time,
                End = EndOf(seconds, end),
                MeanProbability = course[start] is { } label ? Enumerable.Range(start, end - start).Average(i => seconds[i].Probabilities[label]) : 0,
                IsLegal = !changes || entered.Count == 0 || workflow.IsLegal(entered[^1], course[start]!.Value),
            });
            if (changes)
            {
                entered.Add(course[start]!.Value);
            }
        }

        return new ClipTimeline
        {
            Segments = segments,
            MissingLabels = [.. labels.Where(l => segments.All(s => s.Label != l))],
            RepeatedLabels = [.. labels.Where((_, phase) => entered.Count(other => other == phase) > 1)],
            LowConfidence = LowConfidence(seconds),
            Frames = withFrames
                ? [.. seconds.Select((s, i) =>
                    new TimelineFrame { FrameIndex = s.FrameIndex, Timestamp = s.Time, Label = LabelOf(course[i]), Probabilities = s.Probabilities })]
                : [],
            IsRefined = parameters.IsOffline,
        };
    }

    private string LabelOf(int? phase) => phase is { } known ? labels[known] : PhaseClassifier.NoPicture;

    private List<LowConfidenceInterval> LowConfidence(IReadOnlyList<PhaseSecond> seconds)
    {
        double[] confidence = [.. seconds.Select(s => s.Probabilities.Max())];
        bool IsLow(int i) => confidence[i] < parameters.LowConfidence;
        return
        [
            .. Runs(seconds.Count, i => IsLow(i) == IsLow(i - 1))
                .Where(run => IsLow(run.Start) && run.End - run.Start >= LeastDoubtfulSeconds)
                .Select(run => new LowConfidenceInterval
                {
                    Start = seconds[run.Start].Time,
                    End = EndOf(seconds, run.End),
                    LeastProbability = confidence[run.Start..run.End].Min(),
                }),
        ];
    }

    // A frame stands until the next one; the last one for a second.
    private static TimeSpan EndOf(IReadOnlyList<PhaseSecond> seconds, int end) =>
        end < seconds.Count ? seconds[end].Time : seconds[^1].Time + TimeSpan.FromSeconds(1);

    private static IEnumerable<(int Start, int End)> Runs(int count, Func<int, bool> goesOn)
    {
        for (int start = 0, at = 1; start < count; at++)
        {
            if (at == count || !goesOn(at))
            {
                yield return (start, at);
                start = at;
            }
        }
    }
}
