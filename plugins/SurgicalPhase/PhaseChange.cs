namespace MedGen.Plugins.SurgicalPhase;

/// <summary>A committed change of phase; times in s.</summary>
/// <param name="From">Phase before.</param>
/// <param name="To">Phase after.</param>
/// <param name="Detected">When it was decided.</param>
/// <param name="Onset">When the new phase became the most probable one.</param>
/// <param name="Confidence">Mean probability of the new phase in between.</param>
/// <param name="IsLegal">Whether the workflow has the change.</param>
internal sealed record PhaseChange(int From, int To, double Detected, double Onset, double Confidence, bool IsLegal);
