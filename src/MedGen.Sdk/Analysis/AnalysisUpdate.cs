namespace MedGen.Sdk.Analysis;

/// <summary>What a running analysis says. Plugins cannot add kinds: nobody would read them.</summary>
public abstract record AnalysisUpdate
{
    private protected AnalysisUpdate()
    {
    }
}

/// <summary>A part of the work is done.</summary>
public sealed record AnalysisProgress : AnalysisUpdate
{
    /// <summary>Frames that are analysed, at least 0.</summary>
    public required int FramesDone { get; init; }

    /// <summary>Frames that will be analysed, at least <see cref="FramesDone"/>; 0: not known.</summary>
    public int FramesTotal { get; init; }
}

/// <summary>
/// What holds so far. For a stored clip the host passes on some of these, a few a second; what must not be lost is said again in
/// <see cref="FinalFindings"/>. For a live clip it passes on all of them.
/// </summary>
public sealed record InterimFindings : AnalysisUpdate
{
    /// <summary>The findings, at most <see cref="FindingRules.MostAtOnce"/>.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>Findings that stand. Every one reaches the caller, once, also after a restart of the host.</summary>
public sealed record FinalFindings : AnalysisUpdate
{
    /// <summary>The findings, at most <see cref="FindingRules.MostAtOnce"/>.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>The analysis is complete. The last update; without it the analysis has failed.</summary>
public sealed record AnalysisCompleted : AnalysisUpdate
{
    /// <summary>Frames that were analysed, at least 0.</summary>
    public required int FramesAnalyzed { get; init; }
}
