namespace MedGen.Curation.Results;

/// <summary>A line of the funnel.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Unit"><c>films</c> or <c>clips</c>.</param>
/// <param name="Count">What it was given and what it let through.</param>
/// <param name="LeftOut">Why it was left out; null: it ran.</param>
public sealed record FunnelRow(string Stage, string Unit, StageCount Count, string? LeftOut);
