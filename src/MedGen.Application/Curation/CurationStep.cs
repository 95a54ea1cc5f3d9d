namespace MedGen.Application.Curation;

/// <summary>A line of a curation's funnel.</summary>
/// <param name="Stage">Name of the stage (docs/curation.md).</param>
/// <param name="Unit"><c>films</c> or <c>clips</c>.</param>
/// <param name="Before">What it was given.</param>
/// <param name="After">What it let through, or made of it.</param>
/// <param name="LeftOut">Why it was left out; null: it ran.</param>
public sealed record CurationStep(string Stage, string Unit, int Before, int After, string? LeftOut);
