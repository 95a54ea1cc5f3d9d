using MedGen.Sdk.Analysis;
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
    public IEnumerable<Finding> Build(IReadOnlyList<PhaseSecond> seconds, IReadOnlyList<int> decided, bool withFrames)
    {
        int next = 0;
        int?[] course = [.. seconds.Select(second => second.HasPicture ? decided[next++] : (int?)null)];
        List<int> entered = [];
        foreach ((int start, int end) in Runs(course.Length, i => course[i] == course[i - 1]))
        {
            FindingScope part = FindingScope.Span(seconds[start].Time, EndOf(seconds, end));
            yield return new LabelFinding
            {
                Output = PhaseOutputs.Phase,
                Scope = part,
                Labels = [LabelOf(course[start])],
                Probabilities = course[start] is null ? [] : Mean(seconds, start, end),
            };
            if (course[start] is { } phase && (entered.Count == 0 || entered[^1] != phase))
            {
                if (entered.Count > 0 && !workflow.IsLegal(entered[^1], phase))
                {
                    yield return new LabelFinding { Output = PhaseOutputs.Unexpected, Scope = part, Labels = [labels[phase]] };
                }

                entered.Add(phase);
            }
        }

        yield return new LabelFinding { Output = PhaseOutputs.Missing, Labels = [.. labels.Where((_, phase) => !entered.Contains(phase))] };
        yield return new LabelFinding
        {
            Output = PhaseOutputs.Repeated,
            Labels = [.. labels.Where((_, phase) => entered.Count(other => other == phase) > 1)],
        };
        foreach (MeasurementFinding doubtful in Doubtful(seconds))
        {
            yield return doubtful;
        }

        for (int i = 0; i < seconds.Count && withFrames; i++)
        {
            yield return new LabelFinding
            {
                Output = PhaseOutputs.Phase,
                Scope = FindingScope.Frame(seconds[i].FrameIndex, seconds[i].Time),
                Labels = [LabelOf(course[i])],
                Probabilities = seconds[i].Probabilities,
                State = LabelState.Committed,
            };
        }
    }

    private double[] Mean(IReadOnlyList<PhaseSecond> seconds, int start, int end) =>
        [.. Enumerable.Range(0, labels.Count).Select(label => Enumerable.Range(start, end - start).Average(i => seconds[i].Probabilities[label]))];

    private string LabelOf(int? phase) => phase is { } known ? labels[known] : PhaseClassifier.NoPicture;

    private IEnumerable<MeasurementFinding> Doubtful(IReadOnlyList<PhaseSecond> seconds)
    {
        double[] confidence = [.. seconds.Select(s => s.Probabilities.Max())];
        bool IsLow(int i) => confidence[i] < parameters.LowConfidence;
        return Runs(seconds.Count, i => IsLow(i) == IsLow(i - 1))
            .Where(run => IsLow(run.Start) && run.End - run.Start >= LeastDoubtfulSeconds)
            .Select(run => new MeasurementFinding
            {
                Output = PhaseOutputs.Doubtful,
                Scope = FindingScope.Span(seconds[run.Start].Time, EndOf(seconds, run.End)),
                Value = confidence[run.Start..run.End].Min(),
            });
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
