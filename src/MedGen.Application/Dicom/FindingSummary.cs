using System.Globalization;
using MedGen.Application.Jobs;
using MedGen.Dicom.Writing;
using MedGen.Sdk.Analysis;

namespace MedGen.Application.Dicom;

/// <summary>
/// Findings as a structured report holds them: answers about the clip, spans with a label, and measurements of the clip. Findings about single frames
/// are not in it, but that labels of frames without a transition become spans; boxes, outlines, masks, points and files are not.
/// </summary>
internal sealed class FindingSummary
{
    private const int LongestName = 64;
    private const int LongestCode = 16;
    private const string ModalityCode = "121139";

    private readonly List<NamedLabel> _labels = [];
    private readonly List<NamedSpan> _spans = [];
    private readonly List<Measurement> _measurements = [];

    /// <summary>Modality, where that was asked.</summary>
    public (string Code, double Probability)? Modality { get; private set; }

    public IReadOnlyList<NamedLabel> Labels => _labels;

    public IReadOnlyList<NamedSpan> Spans => _spans;

    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>What was left out, by kind, in words for the log of the study.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The answer in a few words.</summary>
    public string InWords => Cut(
        Modality is { } modality ? string.Create(CultureInfo.InvariantCulture, $"{modality.Code} ({modality.Probability:0.00})")
        : _labels is [var label, ..] ? label.Name
        : _measurements is [var one, ..] ? string.Create(CultureInfo.InvariantCulture, $"{one.Meaning} {one.Value:0.##} {one.Unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{_spans.Count} phases"), LongestName);

    public static FindingSummary Of(IReadOnlyList<JobEvent> events, TimeSpan? duration)
    {
        FindingSummary summary = new();
        foreach (FindingsReported reported in events.Select(one => one.Payload).OfType<FindingsReported>().Where(one => !one.Interim))
        {
            foreach (Finding finding in reported.Findings)
            {
                summary.Add(finding, reported.Analyzer.Find(finding.Output));
            }
        }

        summary.AddPhases([.. events.Select(one => one.Payload).OfType<FindingsReported>().Where(one => !one.Interim)
            .SelectMany(one => one.Findings)], duration);
        return summary;
    }

    private void Add(Finding finding, AnalyzerOutput? output)
    {
        switch (finding)
        {
            case LabelFinding { Scope: ClipScope } labels when output is not null:
                Add(labels, output);
                break;
            case LabelFinding { Scope: SpanScope span } labels:
                _spans.AddRange(labels.Labels.Select(label => new NamedSpan(Cut(label, LongestName), span.Start, span.End)));
                break;
            case MeasurementFinding { Scope: ClipScope } measured when output is not null:
                CodedTerm? code = output.Code is { Code.Length: <= LongestCode } term ? term : null;
                _measurements.Add(new Measurement(
                    code?.Code ?? Cut(output.Name, LongestCode), code?.Scheme ?? "99MEDGEN", Cut(code?.Meaning ?? output.Name, LongestName),
                    measured.Value, output.Unit ?? "1"));
                break;
            case LabelFinding { Scope: FrameScope } or TransitionFinding:
                break;
            default:
                LeftOut++;
                break;
        }
    }

    private void Add(LabelFinding labels, AnalyzerOutput output)
    {
        foreach (string label in labels.Labels)
        {
            int index = output.Labels.Select(one => one.Name).ToList().IndexOf(label);
            double? probability = index >= 0 && index < labels.Probabilities.Count ? labels.Probabilities[index] : null;
            CodedTerm? code = index < 0 || output.Labels[index].Code is not { Code.Length: <= LongestCode } term ? null : term;
            if (output.Code is { Scheme: "DCM", Code: ModalityCode } && code is not null && probability is { } sure)
            {
                Modality = (code.Code, sure);
                continue;
            }

            _labels.Add(new NamedLabel(
                Cut(output.Name, LongestName), Cut(code?.Meaning ?? label, LongestName), code?.Code ?? Cut(label, LongestCode), code?.Scheme,
                    probability));
        }
    }

    private void AddPhases(IReadOnlyList<Finding> findings, TimeSpan? duration)
    {
        foreach (IGrouping<string, Finding> output in findings.GroupBy(finding => finding.Output))
        {
            (string Label, TimeSpan Since)[] starts = output.OfType<TransitionFinding>().Any()
                ? [(output.OfType<TransitionFinding>().First().From, TimeSpan.Zero), .. output.OfType<TransitionFinding>().Select(one => (one.To,
                    one.Onset))]
                : [.. output.OfType<LabelFinding>().Where(one => one is { Scope: FrameScope, Labels.Count: 1 })
                    .Select(one => (one.Labels[0], ((FrameScope)one.Scope).Timestamp))];
            for (int i = 0; i < starts.Length; i++)
            {
                TimeSpan end = i + 1 < starts.Length ? starts[i + 1].Since : duration ?? starts[i].Since;
                if (_spans is [.., var last] && last.Name == Cut(starts[i].Label, LongestName) && last.End == starts[i].Since)
                {
                    _spans[^1] = last with { End = end };
                }
                else if (end > starts[i].Since)
                {
                    _spans.Add(new NamedSpan(Cut(starts[i].Label, LongestName), starts[i].Since, end));
                }
            }
        }
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
