using MedGen.Torch.Networks;

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
        int[][] confusion = [.. labels.Select(_ => new int[labels.Count])];
        _known.ForEach(a => confusion[a.Truth][Best(a)]++);
        List<ModalityEvaluation.LabelResult> perLabel = [.. labels.Select(label =>
        {
            List<HeldOutAnswer> own = [.. _known.Where(a => a.Kind == label)];
            List<HeldOutAnswer> fresh = [.. own.Where(a => a.NewSource)];
            return new ModalityEvaluation.LabelResult(label, Groups(own), own.Count, Accuracy(own), Groups(fresh), fresh.Count == 0 ? null : Accuracy(fresh));
        })];
        List<HeldOutAnswer> answered = [.. _known.Where(a => !Decide(a, calibration).Abstained)];
        return new ModalityEvaluation
        {
            Labels = labels,
            LeftOut = leftOut,
            MinGroups = options.MinGroups,
            Phantoms = options.Phantoms,
            Folds = options.Folds,
            NotRead = notRead,
            BalancedAccuracy = perLabel.Average(l => l.Recall),
            Confusion = confusion,
            PerLabel = perLabel,
            PerSource = [.. _known.GroupBy(a => (a.Clip!.Source, a.Kind)).OrderBy(g => g.Key.Kind, StringComparer.Ordinal).ThenBy(g => g.Key.Source, StringComparer.Ordinal)
                .Select(g => new ModalityEvaluation.SourceResult(g.Key.Source, g.Key.Kind, Groups(g), g.Count(), Accuracy(g), g.All(a => a.NewSource)))],
            Temperature = calibration.Temperature,
            CalibrationErrorBefore = CalibrationError(FrameCalibration.None),
            CalibrationErrorAfter = CalibrationError(calibration),
            MinConfidence = calibration.MinConfidence,
            RefusedShare = 1 - (answered.Count / (double)_known.Count),
            AccuracyWhenAnswered = answered.Count == 0 ? 0 : answered.Average(a => Best(a) == a.Truth ? 1.0 : 0.0),
            Outliers = [.. answers.Where(a => a.Truth < 0).GroupBy(a => a.Kind)
                .Select(g => new ModalityEvaluation.OutlierResult(g.Key, g.Count(), g.Average(a => Decide(a, calibration).Abstained ? 1.0 : 0.0)))],
        };
    }

    private FrameVerdict Decide(HeldOutAnswer answer, FrameCalibration calibration) => calibration.Decide([answer.MeanLog], labels.Count);

    private int Best(HeldOutAnswer answer) => Decide(answer, FrameCalibration.None).Best;

    private static int Groups(IEnumerable<HeldOutAnswer> part) => part.Select(a => a.Clip!.GroupId).Distinct().Count();

    private double Accuracy(IEnumerable<HeldOutAnswer> part) =>
        part.GroupBy(a => a.Clip!.GroupId).Select(g => g.Average(a => Best(a) == a.Truth ? 1.0 : 0.0)).DefaultIfEmpty(0).Average();

    private double LogLoss(double temperature)
    {
        var calibration = new FrameCalibration { Temperature = temperature, MinConfidence = 0 };
        return _known.GroupBy(a => (a.Kind, a.Clip!.GroupId))
            .Sum(g => g.Average(a => -Math.Log(Math.Max(1e-12, Decide(a, calibration).Probabilities[a.Truth]))));
    }

    private double CalibrationError(FrameCalibration calibration)
    {
        var groupSizes = _known.GroupBy(a => a.Clip!.GroupId).ToDictionary(g => g.Key, g => g.Count());
        var weighted = _known.Select(a =>
        {
            FrameVerdict verdict = Decide(a, calibration);
            return (Confidence: verdict.Probabilities.Max(), Right: verdict.Best == a.Truth ? 1.0 : 0.0, Weight: 1.0 / groupSizes[a.Clip!.GroupId]);
        }).ToList();
        double total = weighted.Sum(w => w.Weight);
        return weighted.GroupBy(w => Math.Min(9, (int)(w.Confidence * 10)))
            .Sum(bin => Math.Abs(bin.Sum(w => w.Weight * (w.Confidence - w.Right)))) / total;
    }
}
