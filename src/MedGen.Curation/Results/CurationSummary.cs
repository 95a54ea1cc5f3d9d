namespace MedGen.Curation.Results;

/// <summary>What came of a curation.</summary>
public sealed record CurationSummary
{
    /// <summary>Films of the input folder.</summary>
    public required int Films { get; init; }

    /// <summary>Clips in the data set.</summary>
    public required int Clips { get; init; }

    /// <summary>Their length in s.</summary>
    public required double Seconds { get; init; }

    /// <summary>Of them, those whose pictures were copied unchanged.</summary>
    public required int Copied { get; init; }

    /// <summary>Clips by split.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>The funnel, line by line.</summary>
    public required IReadOnlyList<FunnelRow> Funnel { get; init; }

    /// <summary>Films and clips of a film that need a look, in words: damaged ones.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
