using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>
/// A detector that is an analysis: a frame is flagged where something is found at a place, or a label holds that does not mean abstention.
/// </summary>
internal sealed class AnalyzerDetector : IFrameDetector
{
    private readonly IVideoAnalyzer _analyzer;
    private readonly HashSet<string> _abstentions;

    /// <summary>Takes an analysis.</summary>
    /// <exception cref="InvalidInputException">It finds nothing in frames.</exception>
    public AnalyzerDetector(IVideoAnalyzer analyzer)
    {
        _analyzer = analyzer;
        IReadOnlyList<AnalyzerOutput> outputs = analyzer.Describe().Outputs;
        _abstentions = [.. outputs.Select(output => output.AbstentionLabel).OfType<string>()];
        if (outputs.All(output => output.Kind == OutputKind.Measurement))
        {
            throw new InvalidInputException(
                "detectors", "the network only measures; allowed: outputs of the meaning detection, segmentation or classification.");
        }

        // An output that always names one of its labels would flag every frame.
        if (outputs.FirstOrDefault(output => output is { Kind: OutputKind.Labels, Exclusive: true, AbstentionLabel: null }) is { } always)
        {
            throw new InvalidInputException(
                "detectors", $"output '{always.Name}' always names a label; give it an abstentionLabel, which stands for frames without anything.");
        }
    }

    public async Task<int> CountFlaggedAsync(IVideoClip clip, CancellationToken cancellationToken)
    {
        HashSet<FindingScope> flagged = [];
        await foreach (AnalysisUpdate update in _analyzer.AnalyzeAsync(Request(clip), cancellationToken).ConfigureAwait(false))
        {
            IReadOnlyList<Finding> findings = update switch
            {
                InterimFindings interim => interim.Findings,
                FinalFindings final => final.Findings,
                _ => [],
            };
            flagged.UnionWith(findings.Where(finding => finding.Scope != FindingScope.Clip && IsFlag(finding)).Select(finding => finding.Scope));
        }

        return flagged.Count;
    }

    private bool IsFlag(Finding finding) => finding switch
    {
        LabelFinding labels => labels.Labels.Any(label => !_abstentions.Contains(label)),
        RegionFinding => true,
        _ => false,
    };

    private AnalysisRequest Request(IVideoClip clip) =>
        new() { Inputs = [new InputClip { Role = _analyzer.Describe().Inputs[0].Role, Clip = clip }] };
}
