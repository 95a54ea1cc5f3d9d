namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>Computes <see cref="SegmentalScores"/>.</summary>
internal static class SegmentalScoring
{
    public static SegmentalScores Score(IReadOnlyList<PhasePair> pairs, double fps)
    {
        var videos = pairs.Select(p => (Truth: PhaseSegment.Of(p.Truth), Predicted: PhaseSegment.Of(p.Predicted))).ToList();
        List<double> delays = [.. videos.SelectMany(v => Delays(v.Truth, v.Predicted)).Select(frames => frames / fps).Order()];
        int transitions = videos.Sum(v => v.Truth.Count - 1);
        return new SegmentalScores
        {
            Edit = videos.Average(v => Edit(v.Truth, v.Predicted)),
            F1At10 = F1(videos, 0.10),
            F1At25 = F1(videos, 0.25),
            F1At50 = F1(videos, 0.50),
            OverSegmentation = videos.Average(v => (double)v.Predicted.Count / v.Truth.Count),
            TransitionDelayMedian = Quantile(delays, 0.5),
            TransitionDelayP90 = Quantile(delays, 0.9),
            Transitions = transitions,
            MissedTransitions = transitions - delays.Count,
        };
    }

    private static double Edit(IReadOnlyList<PhaseSegment> truth, IReadOnlyList<PhaseSegment> predicted)
    {
        int[] above = [.. Enumerable.Range(0, truth.Count + 1)];
        foreach (PhaseSegment segment in predicted)
        {
            int[] row = new int[above.Length];
            row[0] = above[0] + 1;
            for (int i = 1; i < row.Length; i++)
            {
                int replaced = above[i - 1] + (segment.Phase == truth[i - 1].Phase ? 0 : 1);
                row[i] = Math.Min(replaced, Math.Min(above[i], row[i - 1]) + 1);
            }

            above = row;
        }

        return 100 * (1 - ((double)above[^1] / Math.Max(truth.Count, predicted.Count)));
    }

    // Each predicted segment takes the true segment of its phase that it overlaps most; a second one for the same true segment is false.
    private static double F1(IEnumerable<(IReadOnlyList<PhaseSegment> Truth, IReadOnlyList<PhaseSegment> Predicted)> videos, double overlap)
    {
        (int right, int all) = (0, 0);
        foreach ((IReadOnlyList<PhaseSegment> truth, IReadOnlyList<PhaseSegment> predicted) in videos)
        {
            all += truth.Count + predicted.Count;
            var taken = new HashSet<PhaseSegment>();
            foreach (PhaseSegment segment in predicted)
            {
                PhaseSegment best = truth.Where(t => t.Phase == segment.Phase).DefaultIfEmpty(new PhaseSegment(-1, 0, 0))
                    .MaxBy(t => Overlap(t, segment));
                right += best.Phase >= 0 && Overlap(best, segment) >= overlap && taken.Add(best) ? 1 : 0;
            }
        }

        return 100.0 * 2 * right / all;
    }

    private static double Overlap(PhaseSegment a, PhaseSegment b)
    {
        int intersection = Math.Max(0, Math.Min(a.End, b.End) - Math.Max(a.Start, b.Start));
        return (double)intersection / (Math.Max(a.End, b.End) - Math.Min(a.Start, b.Start));
    }

    private static IEnumerable<double> Delays(IReadOnlyList<PhaseSegment> truth, IReadOnlyList<PhaseSegment> predicted)
    {
        for (int i = 1; i < truth.Count; i++)
        {
            PhaseSegment wanted = truth[i];
            List<PhaseSegment> found = [.. predicted.Where(p => p.Phase == wanted.Phase && p.Start > truth[i - 1].Start && p.Start < wanted.End)];
            if (found.Count > 0)
            {
                yield return found.Select(f => f.Start - wanted.Start).MinBy(Math.Abs);
            }
        }
    }

    /// <summary>Linear interpolation between the two nearest ranks.</summary>
    private static double? Quantile(List<double> sorted, double share)
    {
        if (sorted.Count == 0)
        {
            return null;
        }

        double at = share * (sorted.Count - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
