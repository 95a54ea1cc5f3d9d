namespace MedGen.Evaluation.Ratings;

/// <summary>How far raters agree on a question.</summary>
/// <param name="Kind">How it was asked.</param>
/// <param name="Question">The question.</param>
/// <param name="Units">Pages that two raters or more answered.</param>
/// <param name="Nominal">Krippendorff's alpha of names; NaN: not defined.</param>
/// <param name="Ordinal">Of ranks; NaN: not defined, as of comparisons.</param>
/// <param name="Interval">Of distances; NaN: not defined, as of comparisons.</param>
public sealed record RatingAgreement(string Kind, string Question, int Units, double Nominal, double Ordinal, double Interval);
