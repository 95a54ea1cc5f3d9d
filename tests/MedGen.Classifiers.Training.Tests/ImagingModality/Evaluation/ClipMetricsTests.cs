using MedGen.Classifiers.Training.ImagingModality.Evaluation;
using Shouldly;

namespace MedGen.Classifiers.Training.Tests.ImagingModality.Evaluation;

public sealed class ClipMetricsTests
{
    // Group a: one of two right; group b: its only clip right; group c (label 1): its only clip is called 0.
    private static readonly ScoredClip[] Clips =
    [
        new("a", Truth: 0, Best: 0, Confidence: 0.9, Abstained: false), new("a", 0, 1, 0.6, false), new("b", 0, 0, 0.8, false), new("c", 1, 0, 0.7, true),
    ];

    [Fact]
    public void Accuracy_OfGroupsOfUnequalSize_CountsEachGroupOnce() => ClipMetrics.Accuracy(Clips).ShouldBe((0.5 + 1 + 0) / 3, 1e-12);

    [Fact]
    public void Precision_OfALabel_WeighsClipsByTheirGroups()
    {
        // Called 0: half of a (right), b (right), c (wrong).
        ClipMetrics.Precision(Clips, 0)!.Value.ShouldBe(1.5 / 2.5, 1e-12);
        ClipMetrics.Precision(Clips[..1], 1).ShouldBeNull();
    }

    [Fact]
    public void Confusion_OfClips_HasTruthInRowsAndAnswersInColumns() => ClipMetrics.Confusion(Clips, 2).ShouldBe([[2, 1], [1, 0]]);

    [Fact]
    public void CalibrationError_OfClipsInBins_IsTheWeightedGap()
    {
        // Bins 0.9: half a clip, 0.1 too low; 0.6: half, 0.6 too high; 0.8: one, 0.2 too low; 0.7: one, 0.7 too high.
        ClipMetrics.CalibrationError(Clips).ShouldBe((0.05 + 0.3 + 0.2 + 0.7) / 3, 1e-9);
    }

    [Fact]
    public void Interval_OfLabelsWithOneGroupEach_IsAPoint()
    {
        ScoredClip[] clips = [new("a", 0, 0, 1, false), new("c", 1, 0, 1, false)];

        ClipMetrics.BalancedAccuracyInterval(clips).ShouldBe((0.5, 0.5));
    }
}
