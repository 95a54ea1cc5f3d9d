namespace MedGen.Evaluation.Ratings;

/// <summary>What ratings come to; written to <c>ratings.json</c> as it stands here.</summary>
public sealed record RatingSummary
{
    /// <summary>People who rated.</summary>
    public required int Raters { get; init; }

    /// <summary>Answers that count.</summary>
    public required int Answers { get; init; }

    /// <summary>Agreement by question.</summary>
    public required IReadOnlyList<RatingAgreement> Agreement { get; init; }

    /// <summary>Means of scales by question and system.</summary>
    public required IReadOnlyList<RatingMean> Means { get; init; }

    /// <summary>Comparisons by question and pair of systems.</summary>
    public required IReadOnlyList<WinRate> WinRates { get; init; }

    /// <summary>Bradley-Terry strengths by question.</summary>
    public required IReadOnlyList<RatingStrengths> Strengths { get; init; }

    /// <summary>The paper's total by system, for systems whose automatic part was given; empty: none was.</summary>
    public required IReadOnlyList<RatedTotal> Totals { get; init; }
}
