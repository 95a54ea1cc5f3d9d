namespace MedGen.Curation.Running;

/// <summary>How far a curation is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Film">To which film, without folders.</param>
/// <param name="Share">How much of all is done, 0 to 1, by the length of the films.</param>
/// <param name="Remaining">How long it will still take at the pace of this run; null: not known yet.</param>
public sealed record CurationProgress(string Stage, string Film, double Share, TimeSpan? Remaining);
