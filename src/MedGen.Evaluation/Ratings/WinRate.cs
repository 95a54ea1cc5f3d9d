namespace MedGen.Evaluation.Ratings;

/// <summary>How often one system is preferred to another; a tie is half a win.</summary>
/// <param name="Question">The question.</param>
/// <param name="System">The system.</param>
/// <param name="Other">The other one.</param>
/// <param name="Answers">Answers.</param>
/// <param name="Ties">Ties among them.</param>
/// <param name="Rate">Share of the wins of <paramref name="System"/>.</param>
/// <param name="Low">Lower end of its 95 % interval over prompts; NaN: one prompt only.</param>
/// <param name="High">Upper end.</param>
public sealed record WinRate(string Question, string System, string Other, int Answers, int Ties, double Rate, double Low, double High);
