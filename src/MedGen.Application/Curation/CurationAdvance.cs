namespace MedGen.Application.Curation;

/// <summary>How far a curation is.</summary>
/// <param name="Share">How much of all is done, 0 to 1, by the length of the films.</param>
/// <param name="Remaining">How long it will still take; null: not known yet.</param>
public sealed record CurationAdvance(double Share, TimeSpan? Remaining);
