using MedGen.Training.GenerationQuality;
using Shouldly;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.GenerationQuality;

public sealed class DistributionTests
{
    [Fact]
    public void Frechet_OfGaussiansWithKnownMoments_IsTheirClosedForm()
    {
        // Means (0, 0) and (3, 4): 25. Covariances diag(4, 1) and diag(1, 9): (2 − 1)² + (1 − 3)² = 5.
        using Tensor a = Cross(0, 0, 2, 1);
        using Tensor b = Cross(3, 4, 1, 3);

        FrechetDistance.Of(a, b).ShouldBe(30, 1e-9);
        FrechetDistance.Of(a, a).ShouldBe(0, 1e-9);
    }

    [Fact]
    public void Frechet_OfCorrelatedSamples_DoesNotDependOnTheAxes()
    {
        using Tensor a = Cross(0, 0, 2, 1);
        using Tensor b = Cross(3, 4, 1, 3);
        using Tensor turn = tensor([Math.Cos(0.7), -Math.Sin(0.7), Math.Sin(0.7), Math.Cos(0.7)], [2, 2]);

        FrechetDistance.Of(a.mm(turn), b.mm(turn)).ShouldBe(30, 1e-9);
    }

    [Fact]
    public void PrecisionRecall_OfClipsAtOnePlaceOfTheReal_ArePreciseButRecallNothingElse()
    {
        using Tensor real = tensor([0.0, 1, 2, 3, 4, 5, 6, 7], [8, 1]);
        using Tensor same = tensor([0.1, 0.11, 0.12, 0.13], [4, 1]);
        using Tensor far = tensor([100.0, 101, 102, 103], [4, 1]);

        Neighbourhoods.PrecisionRecall(real, real).ShouldBe((1.0, 1.0));
        Neighbourhoods.PrecisionRecall(real, same).ShouldBe((1.0, 0.0));
        Neighbourhoods.PrecisionRecall(real, far).ShouldBe((0.0, 0.0));
    }

    [Fact]
    public void Nearest_OfAPointAmongOthers_IsTheSmallestDistance()
    {
        using Tensor clips = tensor([0.0, 0, 3, 4], [2, 2]);
        using Tensor others = tensor([3.0, 0, 0, 1], [2, 2]);

        double[] nearest = Neighbourhoods.Nearest(clips, others);

        nearest[0].ShouldBe(1, 1e-9);
        nearest[1].ShouldBe(4, 1e-9);
    }

    [Fact]
    public void Memorisation_OfCopies_IsCloserThanWhatWasHeldOut()
    {
        using Tensor training = tensor([0.0, 10, 20, 30], [4, 1]);
        using Tensor heldOut = tensor([1.0, 12, 23, 34], [4, 1]);

        MemorisationQuality copies = MemorisationQuality.Of("line", training, heldOut, training);
        MemorisationQuality others = MemorisationQuality.Of("line", heldOut, heldOut, training);

        (copies.Generated, copies.CloserShare).ShouldBe((0.0, 1.0));
        (others.Generated, others.HeldOut, others.CloserShare).ShouldBe((3.0, 3.0, 0.0));
    }

    [Fact]
    public void PrincipalComponents_OfAFlatCloud_KeepWhatVariesAtUnitVariance()
    {
        // Three dimensions, of which the third is the sum of the others: two components.
        using Tensor cloud = tensor([1.0, 0, 1, -1, 0, -1, 0, 10, 10, 0, -10, -10, 2, 3, 5], [5, 3]);
        using PrincipalComponents space = PrincipalComponents.Fit(cloud, 3);
        using Tensor points = space.Project(cloud);

        space.Count.ShouldBe(2);
        points.var(0).data<double>().ToArray().ShouldAllBe(variance => Math.Abs(variance - 1) < 1e-9);
    }

    // Four points with the given mean and, over N − 1 = 3, the given standard deviations on the axes and no covariance.
    private static Tensor Cross(double x, double y, double deviationX, double deviationY)
    {
        (double dx, double dy) = (deviationX * Math.Sqrt(1.5), deviationY * Math.Sqrt(1.5));
        return tensor([x + dx, y, x - dx, y, x, y + dy, x, y - dy], [4, 2]);
    }
}
