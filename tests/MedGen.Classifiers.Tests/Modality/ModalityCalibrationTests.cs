using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;

namespace MedGen.Classifiers.Tests.Modality;

public sealed class ModalityCalibrationTests
{
    private static readonly ModalityCalibration Calibration = new() { Temperature = 2, MaxUnknownMargin = -1, MaxDistance = 10 };

    [Theory]
    [InlineData(-9, 5, false)]
    [InlineData(-0.5, 5, true)] // likelier none of them
    [InlineData(-9, 11, true)] // far from every label
    public void Decide_UnknownOrFar_Abstains(double unknown, double distance, bool abstained)
    {
        FrameVerdict verdict = Calibration.Decide(new ModalityScore([0, -2, unknown], distance), labels: 2);

        verdict.Abstained.ShouldBe(abstained);
        verdict.Best.ShouldBe(0);
        verdict.Probabilities[0].ShouldBe(1 / (1 + Math.Exp(-1)), 1e-12);
        verdict.Probabilities.Sum().ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Decide_NothingToSee_AbstainsWithEqualProbabilities()
    {
        FrameVerdict verdict = Calibration.Decide(ModalityScore.Mean([null, null]), labels: 4);

        verdict.Abstained.ShouldBeTrue();
        verdict.Probabilities.ShouldAllBe(p => p == 0.25);
    }

    [Fact]
    public void Mean_FlatFrames_HaveNoVote() =>
        ModalityScore.Mean([new([-1, -3, -5], 4), null, new([-3, -1, -5], 6)])!.Distance.ShouldBe(5);
}
