using MedGen.Abstractions.Classification;
using MedGen.Torch.Networks.Temporal;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>Puts the course of a film into segments, and tells what is missing, repeated and doubtful.</summary>
internal sealed class PhaseTimeline(IReadOnlyList<string> labels, WorkflowGraph workflow, PhaseParameters parameters)
{
    private const int LeastDoubtfulSeconds = 3;

    /// <param name="seconds">The analysed seconds.</param>
    /// <param name="course">Phase of each of them.</param>
    /// <param name="withFrames">Whether every second's answer is added.</param>
    public ClipTimeline Build(IReadOnlyList<PhaseSecond> seconds, IReadOnlyList<int> course, bool withFrames)
    {
        List<LabelSegment> segments = [];
        foreach ((int start, int end) in Runs(course.Count, i => course[i] == course[i - 1]))
        {
            int phase = course[start];
            segments.Add(new LabelSegment
            {
                Label = labels[phase],
                Start = seconds[start].Time,
                End = EndOf(seconds, end),
                MeanProbability = Enumerable.Range(start, end - start).Average(i => seconds[i].Probabilities[phase]),
                IsLegal = start == 0 || workflow.IsLegal(course[start - 1], phase),
            });
        }

        return new ClipTimeline
        {
            Segments = segments,
            MissingLabels = [.. labels.Where(l => segments.All(s => s.Label != l))],
            RepeatedLabels = [.. labels.Where(l => segments.Count(s => s.Label == l) > 1)],
            LowConfidence = LowConfidence(seconds),
            Frames = withFrames
                ? [.. seconds.Select((s, i) => new TimelineFrame { FrameIndex = s.FrameIndex, Timestamp = s.Time, Label = labels[course[i]], Probabilities = s.Probabilities })]
                : [],
            IsRefined = parameters.IsOffline,
        };
    }

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
