using MedGen.Application.Jobs;
using MedGen.Sdk.Analysis;

namespace MedGen.Application.Analysis;

/// <summary>One answer of a live analysis, with what is needed to read it.</summary>
public sealed record LiveAnalysis
{
    /// <summary>The answer: findings, then one <see cref="AnalysisCompleted"/>.</summary>
    public required AnalysisUpdate Update { get; init; }

    /// <summary>Who answers.</summary>
    public required AnalyzerIdentity Analyzer { get; init; }
}
