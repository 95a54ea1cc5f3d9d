using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Training.ImagingModality.Evaluation;
using MedGen.Datasets.Reading;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>Turns held-out answers into calibration and evaluation.</summary>
internal sealed class ModalityEvaluator(IReadOnlyList<string> labels, IReadOnlyList<HeldOutAnswer> answers, Func<ModalityItem, bool> mayTrain)
{
    // Either limit refuses some: together about the rate that was asked for, since they mostly refuse the same.
    private const double ShareOfEachLimit = 0.6;

    private readonly List<HeldOutAnswer> _known = [.. answers.Where(a => a.Truth >= 0)];

    /// <summary>Temperature by the least group-weighted log-loss; limits by the rejection rate on clips of learnt labels.</summary>
    public ModalityCalibration Calibrate(double rejectionRate)
    {
        double temperature = Enumerable.Range(0, 161).Select(i => 0.2 * Math.Pow(10, i / 80.0)).MinBy(LogLoss);
        return ModalityCalibration.None with
        {
            Temperature = temperature,
            MaxUnknownMargin = Limit(score => score.UnknownMargin),
            MaxDistance = Limit(score => score.Distance),
        };

        double Limit(Func<ModalityScore, double> figure)
        {
            double[] ordered = [.. _known.Select(a => figure(a.Score)).Order()];
            return rejectionRate == 0 || ordered.Length == 0
                ? double.MaxValue
                : ordered[(int)((1 - (ShareOfEachLimit * rejectionRate)) * (ordered.Length - 1))];
        }
    }

    public ModalityEvaluation Evaluate(
        ModalityCalibration calibration, ModalityTrainingOptions options, IReadOnlyList<string> leftOut, ModalityEvaluation.ClipCounts clips,
        IReadOnlyList<PassedOverFile> passedOver)
    {
        List<ScoredClip> scored = Scored(_known, calibration);
        List<ScoredClip> answered = [.. scored.Where(c => !c.Abstained)];
        List<ScoredClip> fresh = Scored(_known.Where(a => a.NewSource), calibration);
        List<ModalityEvaluation.LabelResult> perLabel = [.. labels.Select(label => Label(label, calibration))];
        return new ModalityEvaluation
        {
            Labels = labels,
            LeftOut = leftOut,
            MinGroups = options.MinGroups,
            Folds = options.Folds,
            Clips = clips,
            PassedOver = passedOver,
            BalancedAccuracy = perLabel.Average(l => l.Recall),
            NewSourceBalancedAccuracy = perLabel.Average(l => l.NewSourceRecall),
            NewSourceBalancedAccuracyInterval = fresh.Count == 0 ? null : Bootstrap(fresh),
            Confusion = ClipMetrics.Confusion(scored, labels.Count),
            PerLabel = perLabel,
            PerSource = [.. _known.GroupBy(a => (a.Clip!.Source, a.Kind))
                .OrderBy(g => g.Key.Kind, StringComparer.Ordinal).ThenBy(g => g.Key.Source, StringComparer.Ordinal)
                .Select(g => Source(g.Key.Source, g.Key.Kind, [.. g], calibration))],
            Temperature = calibration.Temperature,
            CalibrationErrorBefore = ClipMetrics.CalibrationError(Scored(_known, ModalityCalibration.None)),
            CalibrationErrorAfter = ClipMetrics.CalibrationError(scored),
            RefusedShare = 1 - (answered.Count / (double)_known.Count),
            AccuracyWhenAnswered = answered.Count == 0 ? 0 : answered.Average(c => c.IsRight ? 1.0 : 0.0),
            Everyday = Outliers(a => a.Kind == ModalityManifest.NoModality, a => a.Clip!.Source, calibration),
            Outliers = Outliers(a => a.Truth < 0 && a.Kind != ModalityManifest.NoModality, a => a.Kind, calibration),
        };
    }

    private ModalityEvaluation.LabelResult Label(string label, ModalityCalibration calibration)
    {
        List<ScoredClip> own = Scored(_known.Where(a => a.Kind == label), calibration);
        List<ScoredClip> fresh = Scored(_known.Where(a => a.Kind == label && a.NewSource), calibration);
        (int groups, double recall) = (ClipMetrics.Groups(own), ClipMetrics.Accuracy(own));
        (double low, double high) = ClipMetrics.WilsonInterval(recall, groups);
        return new ModalityEvaluation.LabelResult(
            label, groups, own.Count, recall, new ModalityEvaluation.Interval(low, high), ClipMetrics.Groups(fresh),
            fresh.Count == 0 ? null : ClipMetrics.Accuracy(fresh));
    }

    private ModalityEvaluation.SourceResult Source(string source, string label, List<HeldOutAnswer> own, ModalityCalibration calibration)
    {
        List<ScoredClip> scored = Scored(own, calibration);
        return new ModalityEvaluation.SourceResult(
            source, label, ClipMetrics.Groups(scored), scored.Count, ClipMetrics.Accuracy(scored), own.All(a => a.NewSource));
    }

    private List<ModalityEvaluation.OutlierResult> Outliers(
        Func<HeldOutAnswer, bool> which, Func<HeldOutAnswer, string> kind, ModalityCalibration calibration) =>
        [.. answers.Where(which).GroupBy(kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new ModalityEvaluation.OutlierResult(
            g.Key, g.Count(), g.All(a => a.Clip is null || !mayTrain(a.Clip)), g.Average(a => Decide(a, calibration).Abstained ? 1.0 : 0.0)))];

    private static ModalityEvaluation.Interval Bootstrap(List<ScoredClip> clips)
    {
        (double low, double high) = ClipMetrics.BalancedAccuracyInterval(clips);
        return new ModalityEvaluation.Interval(low, high);
    }

    private FrameVerdict Decide(HeldOutAnswer answer, ModalityCalibration calibration) => calibration.Decide(answer.Score, labels.Count);

    private List<ScoredClip> Scored(IEnumerable<HeldOutAnswer> part, ModalityCalibration calibration) => [.. part.Select(answer =>
    {
        FrameVerdict verdict = Decide(answer, calibration);
        return new ScoredClip(answer.Clip!.GroupId, answer.Truth, verdict.Best, verdict.Probabilities.Max(), verdict.Abstained);
    })];

    private double LogLoss(double temperature)
    {
        ModalityCalibration calibration = ModalityCalibration.None with { Temperature = temperature };
        return _known.GroupBy(a => (a.Kind, a.Clip!.GroupId))
            .Sum(g => g.Average(a => -Math.Log(Math.Max(1e-12, Decide(a, calibration).Probabilities[a.Truth]))));
    }
}
