using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>A scorer that is an analysis: its first measurement of the whole clip is the score.</summary>
internal sealed class AnalyzerScorer : IQualityScorer
{
    private readonly IVideoAnalyzer _analyzer;
    private readonly string _output;

    /// <summary>Takes an analysis.</summary>
    /// <exception cref="InvalidInputException">It measures nothing.</exception>
    public AnalyzerScorer(IVideoAnalyzer analyzer)
    {
        _analyzer = analyzer;
        _output = analyzer.Describe().Outputs.FirstOrDefault(output => output.Kind == OutputKind.Measurement)?.Name
            ?? throw new InvalidInputException("scorers", "the network has no output of the meaning regression; a score is one number a clip.");
    }

    public async Task<double> ScoreAsync(IVideoClip clip, CancellationToken cancellationToken)
    {
        double? score = null;
        await foreach (AnalysisUpdate update in _analyzer.AnalyzeAsync(Request(clip), cancellationToken).ConfigureAwait(false))
        {
            if (update is FinalFindings final)
            {
                score = final.Findings.OfType<MeasurementFinding>()
                    .LastOrDefault(one => one.Output == _output && one.Scope == FindingScope.Clip)?.Value
                    ?? score;
            }
        }

        return score ?? throw new ModelFormatException(_output, "The scorer gave no score of the clip.");
    }

    private AnalysisRequest Request(IVideoClip clip) =>
        new() { Inputs = [new InputClip { Role = _analyzer.Describe().Inputs[0].Role, Clip = clip }] };
}
