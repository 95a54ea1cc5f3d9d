using MedGen.Torch.Networks;
using MedGen.Training.ImagingModality.Evaluation;

namespace MedGen.Training.ImagingModality;

/// <summary>Turns held-out answers into calibration and evaluation.</summary>
internal sealed class ModalityEvaluator(IReadOnlyList<string> labels, IReadOnlyList<HeldOutAnswer> answers)
{
    private readonly List<HeldOutAnswer> _known = [.. answers.Where(a => a.Truth >= 0)];

    /// <summary>Temperature by the least group-weighted log-loss; threshold by the rejection rate on clips of learnt labels.</summary>
    public FrameCalibration Calibrate(double rejectionRate)
    {
        double temperature = Enumerable.Range(0, 121).Select(i => 0.2 * Math.Pow(10, i / 80.0)).MinBy(LogLoss);
        double[] confidences = [.. _known.Select(a => Decide(a, FrameCalibration.None).Probabilities.Max()).Order()];
        double threshold = confidences.Length == 0 ? 0 : confidences[Math.Min(confidences.Length - 1, (int)(rejectionRate * confidences.Length))];
        return new FrameCalibration { Temperature = temperature, MinConfidence = rejectionRate == 0 ? 0 : threshold };
    }

    public ModalityEvaluation Evaluate(FrameCalibration calibration, ModalityTrainingOptions options, IReadOnlyList<string> leftOut, IReadOnlyList<string> notRead)
    {
        List<ScoredClip> Scored(IEnumerable<HeldOutAnswer> part) => [.. part.Select(a => Score(a, calibration))];
        List<ScoredClip> scored = Scored(_known);
        List<ModalityEvaluation.LabelResult> perLabel = [.. labels.Select(label =>
        {
            List<ScoredClip> own = Scored(_known.Where(a => a.Kind == label));
            List<ScoredClip> fresh = Scored(_known.Where(a => a.Kind == label && a.NewSource));
            return new ModalityEvaluation.LabelResult(
                label, ClipMetrics.Groups(own), own.Count, ClipMetrics.Accuracy(own), ClipMetrics.Groups(fresh), fresh.Count == 0 ? null : ClipMetrics.Accuracy(fresh));
        })];
        List<ScoredClip> answered = [.. scored.Where(c => !c.Abstained)];
        return new ModalityEvaluation
        {
            Labels = labels,
            LeftOut = leftOut,
            MinGroups = options.MinGroups,
            Phantoms = options.Phantoms,
            Folds = options.Folds,
            NotRead = notRead,
            BalancedAccuracy = perLabel.Average(l => l.Recall),
            Confusion = ClipMetrics.Confusion(scored, labels.Count),
            PerLabel = perLabel,
            PerSource = [.. _known.GroupBy(a => (a.Clip!.Source, a.Kind)).OrderBy(g => g.Key.Kind, StringComparer.Ordinal).ThenBy(g => g.Key.Source, StringComparer.Ordinal)
                .Select(g => new ModalityEvaluation.SourceResult(g.Key.Source, g.Key.Kind, ClipMetrics.Groups(Scored(g)), g.Count(), ClipMetrics.Accuracy(Scored(g)), g.All(a => a.NewSource)))],
            Temperature = calibration.Temperature,
            CalibrationErrorBefore = ClipMetrics.CalibrationError([.. _known.Select(a => Score(a, FrameCalibration.None))]),
            CalibrationErrorAfter = ClipMetrics.CalibrationError(scored),
            MinConfidence = calibration.MinConfidence,
            RefusedShare = 1 - (answered.Count / (double)_known.Count),
            AccuracyWhenAnswered = answered.Count == 0 ? 0 : answered.Average(c => c.IsRight ? 1.0 : 0.0),
            Outliers = [.. answers.Where(a => a.Truth < 0).GroupBy(a => a.Kind)
                .Select(g => new ModalityEvaluation.OutlierResult(g.Key, g.Count(), g.Average(a => Decide(a, calibration).Abstained ? 1.0 : 0.0)))],
        };
    }

    private FrameVerdict Decide(HeldOutAnswer answer, FrameCalibration calibration) => calibration.Decide([answer.MeanLog], labels.Count);

    private ScoredClip Score(HeldOutAnswer answer, FrameCalibration calibration)
    {
        FrameVerdict verdict = Decide(answer, calibration);
        return new ScoredClip(answer.Clip!.GroupId, answer.Truth, verdict.Best, verdict.Probabilities.Max(), verdict.Abstained);
    }

    private double LogLoss(double temperature)
    {
        var calibration = new FrameCalibration { Temperature = temperature, MinConfidence = 0 };
        return _known.GroupBy(a => (a.Kind, a.Clip!.GroupId))
            .Sum(g => g.Average(a => -Math.Log(Math.Max(1e-12, Decide(a, calibration).Probabilities[a.Truth]))));
    }
}
