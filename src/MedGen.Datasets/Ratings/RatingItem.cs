namespace MedGen.Datasets.Ratings;

/// <summary>One page that a rater answers.</summary>
/// <param name="Id">What it is called in the table: the same for every rater.</param>
/// <param name="Kind">How it is asked.</param>
/// <param name="Prompt">What the clips were made for.</param>
/// <param name="First">A clip; of a comparison, that of the system named first.</param>
/// <param name="Second">Of a comparison: the other clip.</param>
/// <param name="Seconds">Of a surgical question: how much of the beginning is shown; null: all.</param>
/// <param name="Questions">What is asked.</param>
public sealed record RatingItem(
    string Id, RatingKind Kind, string Prompt, RatedClip First, RatedClip? Second, int? Seconds, IReadOnlyList<RatingQuestion> Questions);
