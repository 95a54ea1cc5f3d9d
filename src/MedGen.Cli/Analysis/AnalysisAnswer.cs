using MedGen.Protos.V1;

namespace MedGen.Cli.Analysis;

/// <summary>What an analysis found, once it is complete.</summary>
/// <param name="Analyzer">Who analysed.</param>
/// <param name="Findings">The findings that stand.</param>
/// <param name="Frames">Number of frames that were analysed.</param>
internal sealed record AnalysisAnswer(Analyzer Analyzer, IReadOnlyList<Finding> Findings, long Frames)
{
    /// <summary>Reads the answer out of a job's events.</summary>
    /// <exception cref="InvalidDataException">The stream ended before the analysis was complete.</exception>
    public static Task<AnalysisAnswer> ReadAsync(IAsyncEnumerable<JobEvent> events, CancellationToken cancellationToken) =>
        ReadAsync(events.Select(one => ((Findings?)one.Findings, (AnalysisSummary?)one.AnalysisSummary)), cancellationToken);

    /// <summary>Reads the answer of a live analysis.</summary>
    /// <exception cref="InvalidDataException">The stream ended before the analysis was complete.</exception>
    public static Task<AnalysisAnswer> ReadAsync(IAsyncEnumerable<StreamFramesResponse> answers, CancellationToken cancellationToken) =>
        ReadAsync(answers.Select(one => ((Findings?)one.Findings, (AnalysisSummary?)one.Summary)), cancellationToken);

    /// <summary>Findings of an output about the whole clip.</summary>
    public IEnumerable<Finding> OfClip(string output) =>
        Findings.Where(finding => finding.Output == output && finding.ScopeCase == Finding.ScopeOneofCase.None);

    /// <summary>Findings of an output about parts of the clip.</summary>
    public IEnumerable<Finding> OfSpans(string output) => Findings.Where(finding => finding.Output == output && finding.Span is not null);

    /// <summary>Findings of an output about frames.</summary>
    public IEnumerable<Finding> OfFrames(string output) => Findings.Where(finding => finding.Output == output && finding.Frame is not null);

    private static async Task<AnalysisAnswer> ReadAsync(
        IAsyncEnumerable<(Findings? Found, AnalysisSummary? Summary)> parts, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        AnalysisSummary? summary = null;
        await foreach ((Findings? found, AnalysisSummary? end) in parts.WithCancellation(cancellationToken))
        {
            findings.AddRange(found is { Interim: false } ? found.Findings_ : []);
            summary = end ?? summary;
        }

        return summary is null
            ? throw new InvalidDataException("The host ended the stream without an answer.")
            : new AnalysisAnswer(summary.Analyzer, findings, summary.FramesAnalyzed);
    }
}
