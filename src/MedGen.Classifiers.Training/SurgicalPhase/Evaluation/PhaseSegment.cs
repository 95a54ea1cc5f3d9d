namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>A longest run of frames of one phase.</summary>
/// <param name="Phase">The phase, from 0.</param>
/// <param name="Start">First frame.</param>
/// <param name="End">The frame after the last one.</param>
public readonly record struct PhaseSegment(int Phase, int Start, int End)
{
    /// <summary>Number of frames, at least 1.</summary>
    public int Length => End - Start;

    /// <summary>Divides a sequence into its segments.</summary>
    /// <param name="phases">Phase of each frame.</param>
    /// <returns>The segments in order; none for an empty sequence.</returns>
    public static IReadOnlyList<PhaseSegment> Of(IReadOnlyList<int> phases)
    {
        ArgumentNullException.ThrowIfNull(phases);
        var segments = new List<PhaseSegment>();
        for (int start = 0, at = 1; start < phases.Count; at++)
        {
            if (at == phases.Count || phases[at] != phases[start])
            {
                segments.Add(new PhaseSegment(phases[start], start, at));
                start = at;
            }
        }

        return segments;
    }
}
