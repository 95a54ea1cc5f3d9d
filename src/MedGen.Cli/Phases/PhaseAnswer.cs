using MedGen.Cli.Analysis;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Protos.V1;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Phases;

/// <summary>What the host says of one film: the findings of the phase plugin, in the words of operations.</summary>
internal sealed class PhaseAnswer
{
    private const string Phase = "phase";
    private const string Unexpected = "unexpected";

    private readonly AnalysisAnswer _answer;
    private readonly Finding[] _frames;
    private readonly Dictionary<string, int> _indices;

    /// <param name="file">The film.</param>
    /// <param name="answer">What was found in it.</param>
    /// <param name="isRefined">Whether the whole film was decoded before the course was decided.</param>
    /// <exception cref="InvalidDataException">It is no answer of a phase plugin.</exception>
    public PhaseAnswer(string file, AnalysisAnswer answer, bool isRefined)
    {
        (File, _answer, IsRefined) = (file, answer, isRefined);
        Labels = [.. (answer.OfClip(Phase).FirstOrDefault()?.Labels?.Probabilities ?? []).Select(one => one.Label)];
        _indices = Labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        _frames = [.. answer.OfFrames(Phase).Where(finding => finding.Labels is { Labels_.Count: 1 })];
        Finding[] illegal = [.. answer.OfSpans(Unexpected)];
        Segments =
        [
            .. answer.OfSpans(Phase).Where(finding => finding.Labels is { Labels_.Count: 1 }).Select(finding =>
            {
                string label = finding.Labels.Labels_[0];
                double probability = finding.Labels.Probabilities.FirstOrDefault(one => one.Label == label)?.Probability ?? 0;
                bool legal = !illegal.Any(other => other.Span.Equals(finding.Span));
                return new PhaseSegment(label, Seconds(finding.Span.Start), Seconds(finding.Span.End), probability, legal);
            }),
        ];
        if (Labels.Count == 0 || Segments.Count == 0)
        {
            throw new InvalidDataException(
                $"The plugin {answer.Analyzer.PluginId} gives no course of phases; 'medgen analyze --task surgical-phase' shows what it finds.");
        }
    }

    /// <summary>The film.</summary>
    public string File { get; }

    /// <summary>Whether the whole film was decoded before the course was decided.</summary>
    public bool IsRefined { get; }

    /// <summary>All phases, in the plugin's order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The course.</summary>
    public IReadOnlyList<PhaseSegment> Segments { get; }

    /// <summary>Seconds that were analysed.</summary>
    public long Frames => _answer.Frames;

    /// <summary>SHA-256 of the plugin's weights; empty: it does not say.</summary>
    public string WeightsHash => _answer.Analyzer.WeightsSha256.FirstOrDefault() ?? "";

    /// <summary>Phases that the film does not have.</summary>
    public IReadOnlyList<string> Missing => LabelsOf("missing");

    /// <summary>Phases that come back after another one.</summary>
    public IReadOnlyList<string> Repeated => LabelsOf("repeated");

    /// <summary>Parts in which no phase is probable; times in s.</summary>
    public IEnumerable<(double Start, double End, double LeastProbability)> Doubtful => _answer.OfSpans("doubtful")
        .Where(finding => finding.Measurement is not null)
        .Select(finding => (Seconds(finding.Span.Start), Seconds(finding.Span.End), finding.Measurement.Value));

    /// <summary>
    /// The course as files of phases have it: they have no word for a second without a picture, so the phase before it stands, or the first one
    /// after.
    /// </summary>
    /// <exception cref="InvalidInputException">No second shows a picture.</exception>
    public PhaseCourse Course() => new()
    {
        Labels = Labels,
        Times = [.. _frames.Select(finding => Seconds(finding.Frame.Timestamp))],
        Frames = [.. _frames.Select(finding => finding.Frame.Index)],
        Phases = Held([.. _frames.Select(finding => _indices.GetValueOrDefault(finding.Labels.Labels_[0], -1))]),
        Probabilities =
        [
            .. _frames.Select(finding => (IReadOnlyList<double>)[.. finding.Labels.Probabilities.Select(one => one.Probability)]),
        ],
    };

    /// <summary>The object of <c>--json</c>; times in s.</summary>
    public object ToJson(IReadOnlyList<string> written, double seconds) => new
    {
        file = File,
        segments = Segments.Select(s => new
        {
            phase = s.Label,
            start = s.Start,
            end = s.End,
            duration = s.End - s.Start,
            probability = s.Probability,
            legal = s.IsLegal,
        }),
        transitions = _answer.OfFrames(Phase).Where(finding => finding.Transition is not null).Select(finding => new
        {
            from = finding.Transition.FromLabel,
            to = finding.Transition.ToLabel,
            detected = Seconds(finding.Frame.Timestamp),
            onset = Seconds(finding.Transition.Onset),
            confidence = finding.Transition.Confidence,
            legal = !_answer.OfFrames(Unexpected).Any(other => other.Frame.Equals(finding.Frame)),
        }),
        missing = Missing,
        repeated = Repeated,
        lowConfidence = Doubtful.Select(i => new { start = i.Start, end = i.End, leastProbability = i.LeastProbability }),
        refined = IsRefined,
        frames = Frames,
        written,
        seconds,
    };

    private int[] Held(int[] phases)
    {
        int first = Array.FindIndex(phases, phase => phase >= 0);
        int last = first >= 0
            ? phases[first]
            : throw new InvalidInputException("files", $"{Path.GetFileName(File)} shows no picture in any second, so there is no course to write.");
        return [.. phases.Select(phase => last = phase >= 0 ? phase : last)];
    }

    private string[] LabelsOf(string output) => [.. _answer.OfClip(output).FirstOrDefault()?.Labels?.Labels_ ?? []];

    private static double Seconds(Google.Protobuf.WellKnownTypes.Duration time) => time.ToTimeSpan().TotalSeconds;
}

/// <summary>A part of a film with one phase.</summary>
/// <param name="Label">The phase, or the word for no picture.</param>
/// <param name="Start">Where it begins, in s.</param>
/// <param name="End">Where it ends, in s.</param>
/// <param name="Probability">Mean probability of the phase; 0 without a picture.</param>
/// <param name="IsLegal">Whether the workflow has the change from the part before.</param>
internal sealed record PhaseSegment(string Label, double Start, double End, double Probability, bool IsLegal);
