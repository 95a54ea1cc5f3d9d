namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>Decides frame by frame whether a prediction counts as right. Phases are positions from 0; the script counts from 1.</summary>
internal static class PhaseMatching
{
    private const int FourthPhase = 3;
    private const int SixthPhase = 5;

    /// <param name="truth">True phase of each frame.</param>
    /// <param name="predicted">Predicted phase of each frame, as many.</param>
    /// <param name="protocol">The rule.</param>
    /// <param name="boundary">Frames beside a boundary in which the relaxed rules forgive; the script's t = 10 · fps.</param>
    public static bool[] Match(IReadOnlyList<int> truth, IReadOnlyList<int> predicted, PhaseProtocol protocol, int boundary)
    {
        bool[] right = new bool[truth.Count];
        for (int i = 0; i < right.Length; i++)
        {
            right[i] = predicted[i] == truth[i];
        }

        if (protocol == PhaseProtocol.Strict)
        {
            return right;
        }

        foreach (PhaseSegment segment in PhaseSegment.Of(truth))
        {
            int reach = Math.Min(boundary, segment.Length);
            for (int i = 0; i < reach; i++)
            {
                int late = predicted[segment.Start + i] - segment.Phase;
                right[segment.Start + i] |= late == -1 || (late == -2 && segment.Phase >= SixthPhase);
            }

            for (int i = 0; i < reach; i++)
            {
                int early = predicted[segment.End - reach + i] - segment.Phase;
                if (early == 1 || (early == 2 && segment.Phase >= FourthPhase))
                {
                    // The script writes curDiff(mask) = 0 with a mask of the last frames, and a mask counts from the first frame.
                    right[protocol == PhaseProtocol.RelaxedMatlab ? segment.Start + i : segment.End - reach + i] = true;
                }
            }
        }

        return right;
    }
}
