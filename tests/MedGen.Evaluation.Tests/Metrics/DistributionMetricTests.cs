using MedGen.Training.Autoencoders;
using MedGen.Evaluation.Metrics;
using Shouldly;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Tests.Metrics;

public sealed class DistributionMetricTests
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
    public void Authenticity_OfCopiesAndOfOthers_TellsThemApart()
    {
        using Tensor real = tensor([0.0, 1, 3, 10], [4, 1]);

        // The nearest of 0.4 is 0, whose own nearest is 1 away; that of 5.5 is 3, 2 away; that of 20 is 10, 7 away.
        Neighbourhoods.Authenticity(real, tensor([0.4, 5.5, 20, 3.1], [4, 1])).ShouldBe(0.5);
        Neighbourhoods.Authenticity(real, real).ShouldBe(0);
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
    public void PrincipalComponents_OfAFlatCloud_KeepWhatVariesAtUnitVariance()
    {
        // Three dimensions, of which the third is the sum of the others: two components.
        using Tensor cloud = tensor([1.0, 0, 1, -1, 0, -1, 0, 10, 10, 0, -10, -10, 2, 3, 5], [5, 3]);
        using PrincipalComponents space = PrincipalComponents.Fit(cloud, 3);
        using Tensor points = space.Project(cloud);

        space.Count.ShouldBe(2);
        points.var(0).data<double>().ToArray().ShouldAllBe(variance => Math.Abs(variance - 1) < 1e-9);
    }

    [Fact]
    public void KernelDistance_OfPointsOnALine_IsTheHandComputedEstimate()
    {
        // D = 1, kernel (xy + 1)³. a = {0, 1}: k(0,1) = 1. b = {1, 2}: k(1,2) = 27. Between: k(0,1), k(0,2) = 1, 1; k(1,1), k(1,2) = 8, 27: mean 37/4.
        using Tensor a = tensor([0.0, 1], [2, 1]);
        using Tensor b = tensor([1.0, 2], [2, 1]);

        KernelDistance.Of(a, b).ShouldBe(1 + 27 - (2 * 37.0 / 4), 1e-9);
    }

    [Fact]
    public void KernelDistance_OfSamplesOfOneDistribution_ScattersAroundZeroWhateverTheirSize()
    {
        using Generator generator = new(3);
        double[] distances = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            using Tensor a = randn([6, 3], float64, generator: generator);
            using Tensor b = randn([6, 3], float64, generator: generator);
            return KernelDistance.Of(a, b);
        })];

        double error = Math.Sqrt(distances.Average(d => d * d) / distances.Length);
        Math.Abs(distances.Average()).ShouldBeLessThan(4 * error);
        distances.Min().ShouldBeLessThan(0);
    }

    [Fact]
    public void MaximumMeanDiscrepancy_OfTwoPoints_IsTheClosedForm()
    {
        // |x − y|² = 25 and 2σ² = 200: 1000 · (1 + 1 − 2·e^(−1/8)).
        using Tensor a = tensor([0.0, 0], [1, 2]);
        using Tensor b = tensor([3.0, 4], [1, 2]);

        MaximumMeanDiscrepancy.Of(a, b).ShouldBe(2000 * (1 - Math.Exp(-0.125)), 1e-9);
        MaximumMeanDiscrepancy.Of(a, a).ShouldBe(0);
    }

    [Fact]
    public void DensityCoverage_OfPointsOnALine_AreTheHandComputedShares()
    {
        // Fifth neighbours of 0 … 6 lie 5, 4, 3, 3, 3, 4, 5 away. 0 lies in the neighbourhoods of 0, 1, 2 and 3: 4 of 5; so does 6 by symmetry; 100 in none.
        using Tensor real = tensor([0.0, 1, 2, 3, 4, 5, 6], [7, 1]);
        using Tensor generated = tensor([0.0, 0, 0, 100, 100, 100], [6, 1]);

        (double density, double coverage) = Neighbourhoods.DensityCoverage(real, generated);

        density.ShouldBe(3 * 4 / 6.0 / 5, 1e-9);
        coverage.ShouldBe(4 / 7.0, 1e-9);
        Neighbourhoods.DensityCoverage(real, real).Coverage.ShouldBe(1);
    }

    [Fact]
    public void Metrics_OfSamplesThatDoNotFit_NameTheirShapes()
    {
        using Tensor narrow = zeros([4, 1], float64);
        using Tensor wide = zeros([4, 2], float64);
        using Tensor few = zeros([1, 1], float64);

        Should.Throw<ArgumentException>(() => FrechetDistance.Of(narrow, wide)).Message.ShouldContain("[4, 2]");
        Should.Throw<ArgumentException>(() => KernelDistance.Of(narrow, few)).Message.ShouldContain("[1, 1]");
        Should.Throw<ArgumentException>(() => Neighbourhoods.DensityCoverage(narrow, narrow)).Message.ShouldContain("at least 6");
    }

    [Fact]
    public void PictureMetrics_OfAConstantError_AreTheirClosedForms()
    {
        using Tensor black = zeros([1, 3, 2, 8, 8]);
        using Tensor grey = full([1, 3, 2, 8, 8], 0.2f);
        using Tensor similarity = StructuralSimilarity.Of(black, grey);

        // Values span 2: 20·log10(2 / 0.2). Without variance the similarity is C1 / (mean² + C1), C1 = 0.0004.
        PeakSignalToNoiseRatio.Of(black, grey).ShouldBe(20, 1e-4);
        similarity.item<float>().ShouldBe(0.0004f / 0.0404f, 1e-5f);
        PeakSignalToNoiseRatio.Of(black, black).ShouldBe(106, 0.1);
    }

    // Four points with the given mean and, over N − 1 = 3, the given standard deviations on the axes and no covariance.
    private static Tensor Cross(double x, double y, double deviationX, double deviationY)
    {
        (double dx, double dy) = (deviationX * Math.Sqrt(1.5), deviationY * Math.Sqrt(1.5));
        return tensor([x + dx, y, x - dx, y, x, y + dy, x, y - dy], [4, 2]);
    }
}
