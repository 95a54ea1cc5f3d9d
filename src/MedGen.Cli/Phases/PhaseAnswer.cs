using MedGen.Sdk.Errors;
using MedGen.Protos.V1;
using MedGen.Classifiers.Training.SurgicalPhase;

namespace MedGen.Cli.Phases;

/// <summary>What the host says of one film.</summary>
/// <param name="File">The film.</param>
/// <param name="Classifier">Who answers.</param>
/// <param name="Timeline">The course.</param>
/// <param name="Transitions">Changes of phase as they were committed.</param>
internal sealed record PhaseAnswer(string File, Classifier Classifier, ClipTimeline Timeline, IReadOnlyList<LabelTransition> Transitions)
{
    /// <summary>
    /// The course as files of phases have it: they have no word for a second without a picture, so the phase before it stands, or the first one
    /// after.
    /// </summary>
    /// <exception cref="InvalidInputException">No second shows a picture.</exception>
    public PhaseCourse Course() => new()
    {
        Labels = Classifier.Labels,
        Times = [.. Timeline.Frames.Select(f => f.Timestamp.ToTimeSpan().TotalSeconds)],
        Frames = [.. Timeline.Frames.Select(f => f.FrameIndex)],
        Phases = Held([.. Timeline.Frames.Select(f => Classifier.Labels.IndexOf(f.Label))]),
        Probabilities = [.. Timeline.Frames.Select(f => (IReadOnlyList<double>)f.Probabilities)],
    };

    private int[] Held(int[] phases)
    {
        int first = Array.FindIndex(phases, phase => phase >= 0);
        int last = first >= 0
            ? phases[first]
            : throw new InvalidInputException("files", $"{Path.GetFileName(File)} shows no picture in any second, so there is no course to write.");
        return [.. phases.Select(phase => last = phase >= 0 ? phase : last)];
    }

    /// <summary>The object of <c>--json</c>; times in s.</summary>
    public object ToJson(IReadOnlyList<string> written, double seconds) => new
    {
        file = File,
        segments = Timeline.Segments.Select(s => new
        {
            phase = s.Label,
            start = s.Start.ToTimeSpan().TotalSeconds,
            end = s.End.ToTimeSpan().TotalSeconds,
            duration = (s.End - s.Start).ToTimeSpan().TotalSeconds,
            probability = s.MeanProbability,
            legal = s.Legal,
        }),
        transitions = Transitions.Select(t => new
        {
            from = t.FromLabel,
            to = t.ToLabel,
            detected = t.DetectedAt.ToTimeSpan().TotalSeconds,
            onset = t.OnsetEstimate.ToTimeSpan().TotalSeconds,
            confidence = t.Confidence,
            legal = t.Legal,
        }),
        missing = Timeline.MissingLabels,
        repeated = Timeline.RepeatedLabels,
        lowConfidence = Timeline.LowConfidence.Select(i => new
        {
            start = i.Start.ToTimeSpan().TotalSeconds,
            end = i.End.ToTimeSpan().TotalSeconds,
            leastProbability = i.LeastProbability,
        }),
        refined = Timeline.Refined,
        frames = Timeline.Frames.Count,
        written,
        seconds,
    };
}
