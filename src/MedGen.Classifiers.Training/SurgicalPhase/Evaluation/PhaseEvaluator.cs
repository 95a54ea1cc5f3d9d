using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>
/// Evaluates as published for Cholec80 (<c>Main.m</c> and <c>Evaluate.m</c> of SV-RCNet and TMRNet): figures of each phase in each video, their mean
/// over the videos that show the phase, then the mean over phases. One difference: a phase that no video shows is left out, where the script would
/// print NaN for the whole.
/// </summary>
public static class PhaseEvaluator
{
    /// <summary>Seconds beside a boundary in which the relaxed protocols forgive.</summary>
    public const int RelaxedSeconds = 10;

    private const int CalibrationBins = 10;

    /// <summary>Evaluates videos.</summary>
    /// <param name="pairs">At least one video with at least one frame.</param>
    /// <param name="workflow">The phases.</param>
    /// <param name="protocol">When a frame counts as right.</param>
    /// <param name="fps">Evaluated frames per second, above 0, at most 240.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="InvalidInputException">There is no video, the rate is out of range, or a relaxed protocol is asked for phases that it is not
    /// made for.</exception>
    public static PhaseEvaluation Evaluate(IReadOnlyList<PhasePair> pairs, SurgicalWorkflow workflow, PhaseProtocol protocol, double fps)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(workflow);
        Check(pairs, workflow, protocol, fps);
        int boundary = protocol == PhaseProtocol.Strict ? 0 : (int)Math.Round(RelaxedSeconds * fps);
        int phases = workflow.Phases.Count;
        List<VideoPhaseScores> videos = [.. pairs.Select(p => Score(p, phases, protocol, boundary))];
        List<double?> precision = PerPhase(videos, phases, v => v.Precision, Mean);
        List<double?> recall = PerPhase(videos, phases, v => v.Recall, Mean);
        List<double?> jaccard = PerPhase(videos, phases, v => v.Jaccard, Mean);
        return new PhaseEvaluation
        {
            Protocol = protocol,
            Fps = fps,
            BoundaryFrames = boundary,
            Phases = workflow.Phases,
            Videos = videos.Count,
            Frames = videos.Sum(v => (long)v.Frames),
            AccuracyMean = videos.Average(v => v.Accuracy),
            AccuracyStd = Deviation(videos.Select(v => (double?)v.Accuracy))!.Value,
            Precision = Mean(precision),
            PrecisionStd = Deviation(precision),
            PrecisionPerPhase = precision,
            PrecisionStdPerPhase = PerPhase(videos, phases, v => v.Precision, Deviation),
            Recall = Mean(recall),
            RecallStd = Deviation(recall),
            RecallPerPhase = recall,
            RecallStdPerPhase = PerPhase(videos, phases, v => v.Recall, Deviation),
            Jaccard = Mean(jaccard),
            JaccardStd = Deviation(jaccard),
            JaccardPerPhase = jaccard,
            JaccardStdPerPhase = PerPhase(videos, phases, v => v.Jaccard, Deviation),
            Segments = SegmentalScoring.Score(pairs, fps),
            CalibrationError = CalibrationError(pairs),
            Confusion = Confusion(pairs, phases),
            PerVideo = videos,
        };
    }

    private static void Check(IReadOnlyList<PhasePair> pairs, SurgicalWorkflow workflow, PhaseProtocol protocol, double fps)
    {
        if (pairs.Count == 0 || pairs.Any(p => p.Truth.Count == 0 || p.Predicted.Count != p.Truth.Count))
        {
            throw new InvalidInputException("pred", "At least one video is needed, each with as many predicted as true phases and at least one.");
        }

        if (fps is not (> 0 and <= 240))
        {
            throw new InvalidInputException("fps", $"got {fps}; allowed: above 0, at most 240 evaluated frames per second.");
        }

        if (protocol != PhaseProtocol.Strict && workflow.Name != SurgicalWorkflow.Cholec80.Name)
        {
            throw new InvalidInputException(
                "protocol",
                $"Got {protocol} for {workflow.Name}; the relaxed rules are defined for the phases of cholec80, others are evaluated strict.");
        }
    }

    private static VideoPhaseScores Score(PhasePair pair, int phases, PhaseProtocol protocol, int boundary)
    {
        bool[] right = PhaseMatching.Match(pair.Truth, pair.Predicted, protocol, boundary);
        (int[] shown, int[] predicted, int[] either, int[] hits) = (new int[phases], new int[phases], new int[phases], new int[phases]);
        for (int i = 0; i < right.Length; i++)
        {
            (int truth, int guess) = (pair.Truth[i], pair.Predicted[i]);
            shown[truth]++;
            predicted[guess]++;
            either[truth]++;
            hits[truth] += right[i] ? 1 : 0;
            if (guess != truth)
            {
                // A forgiven frame is a hit of both phases, so shares can pass 100 and are cut.
                either[guess]++;
                hits[guess] += right[i] ? 1 : 0;
            }
        }

        return new VideoPhaseScores
        {
            Video = pair.Video,
            Frames = right.Length,
            Accuracy = 100.0 * right.Count(r => r) / right.Length,
            Precision = Shares(predicted),
            Recall = Shares(shown),
            Jaccard = Shares(either),
        };

        // 0 of 0 has no value; hits without a prediction are infinite in the script, hence 100 after the cut.
        double?[] Shares(int[] all) =>
            [.. Enumerable.Range(0,
                phases).Select(p => shown[p] == 0 || (all[p] == 0 && hits[p] == 0) ? (double?)null : Math.Min(100, 100.0 * hits[p] / all[p]))];
    }

    private static List<double?> PerPhase(
        List<VideoPhaseScores> videos, int phases, Func<VideoPhaseScores, IReadOnlyList<double?>> figure,
        Func<IEnumerable<double?>, double?> summary) =>
        [.. Enumerable.Range(0, phases).Select(p => summary(videos.Select(v => figure(v)[p])))];

    private static double? Mean(IEnumerable<double?> values) => values.Average();

    /// <summary>With N − 1; of a single value 0, as in MATLAB.</summary>
    private static double? Deviation(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        if (known.Length < 2)
        {
            return known.Length == 0 ? null : 0;
        }

        double mean = known.Average();
        return Math.Sqrt(known.Sum(v => (v - mean) * (v - mean)) / (known.Length - 1));
    }

    private static double? CalibrationError(IReadOnlyList<PhasePair> pairs)
    {
        if (pairs.Any(p => p.Probabilities is null))
        {
            return null;
        }

        double[] surplus = new double[CalibrationBins];
        foreach (PhasePair pair in pairs)
        {
            for (int i = 0; i < pair.Truth.Count; i++)
            {
                IReadOnlyList<double> probabilities = pair.Probabilities![i];
                double confidence = probabilities.Max();
                bool right = probabilities[pair.Truth[i]] == confidence;
                surplus[Math.Min(CalibrationBins - 1, (int)(confidence * CalibrationBins))] += confidence - (right ? 1 : 0);
            }
        }

        return surplus.Sum(Math.Abs) / pairs.Sum(p => p.Truth.Count);
    }

    private static long[][] Confusion(IReadOnlyList<PhasePair> pairs, int phases)
    {
        long[][] counts = [.. Enumerable.Range(0, phases).Select(_ => new long[phases])];
        foreach (PhasePair pair in pairs)
        {
            for (int i = 0; i < pair.Truth.Count; i++)
            {
                counts[pair.Truth[i]][pair.Predicted[i]]++;
            }
        }

        return counts;
    }
}
