namespace MedGen.Evaluation.Ratings;

/// <summary>Mean answer of a question on the scale of 1 to 5.</summary>
/// <param name="Question">The question.</param>
/// <param name="Seconds">How much of the beginning was shown, in s; null: all.</param>
/// <param name="System">The system.</param>
/// <param name="Answers">Answers.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Low">Lower end of its 95 % interval over prompts; NaN: one prompt only.</param>
/// <param name="High">Upper end.</param>
public sealed record RatingMean(string Question, int? Seconds, string System, int Answers, double Mean, double Low, double High);
