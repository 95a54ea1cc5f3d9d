namespace MedGen.Evaluation.Ratings;

/// <summary>Strengths of all systems by a question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Strengths">By system, with the sum 1; null: not defined.</param>
public sealed record RatingStrengths(string Question, IReadOnlyDictionary<string, double>? Strengths);
