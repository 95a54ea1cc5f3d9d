using static TorchSharp.torch;

namespace MedGen.Evaluation.Metrics;

/// <summary>What distances between single clips say.</summary>
public static class Neighbourhoods
{
    /// <summary>Neighbours that decide precision and recall (Kynkäänniemi et al. 2019, arXiv 1904.06991).</summary>
    public const int PrecisionNeighbours = 3;

    /// <summary>Neighbours that decide density and coverage (Naeem et al. 2020, arXiv 2002.09797).</summary>
    public const int DensityNeighbours = 5;

    /// <summary>
    /// Precision: the share of generated clips that lie among real ones; recall: the share of real clips that lie among generated ones. A clip lies
    /// among others when it is no further from one of them than that one's third neighbour (arXiv 1904.06991).
    /// </summary>
    /// <param name="real">[N, D], N above 3.</param>
    /// <param name="generated">[M, D], M above 3.</param>
    /// <returns>Both, 0 to 1.</returns>
    /// <exception cref="ArgumentException">A sample is too small, or the widths differ.</exception>
    public static (double Precision, double Recall) PrecisionRecall(Tensor real, Tensor generated)
    {
        FeatureSample.Check(real, generated, PrecisionNeighbours + 1);
        using var scope = NewDisposeScope();
        return (Covered(generated, real), Covered(real, generated));

        static double Covered(Tensor clips, Tensor manifold) =>
            Inside(clips, manifold, PrecisionNeighbours).any(1).to_type(ScalarType.Float64).mean().item<double>();
    }

    /// <summary>
    /// Density: in how many of the real clips' neighbourhoods a generated clip lies, over k, so that 1 is expected of equal distributions and an
    /// outlier among the real clips counts little; coverage: the share of real clips with a generated one in their neighbourhood (arXiv 2002.09797, k
    /// = 5).
    /// </summary>
    /// <param name="real">[N, D], N above 5.</param>
    /// <param name="generated">[M, D], M above 5.</param>
    /// <returns>Density, 0 or more, and coverage, 0 to 1.</returns>
    /// <exception cref="ArgumentException">A sample is too small, or the widths differ.</exception>
    public static (double Density, double Coverage) DensityCoverage(Tensor real, Tensor generated)
    {
        FeatureSample.Check(real, generated, DensityNeighbours + 1);
        using var scope = NewDisposeScope();
        Tensor inside = Inside(generated, real, DensityNeighbours); // [M, N]
        double density = inside.to_type(ScalarType.Float64).sum(1).mean().item<double>() / DensityNeighbours;
        return (density, inside.any(0).to_type(ScalarType.Float64).mean().item<double>());
    }

    /// <summary>Distance of each clip to the nearest of others.</summary>
    /// <param name="clips">[N, D].</param>
    /// <param name="others">[M, D].</param>
    /// <returns>N distances.</returns>
    /// <exception cref="ArgumentException">A sample is empty, or the widths differ.</exception>
    public static double[] Nearest(Tensor clips, Tensor others)
    {
        FeatureSample.Check(clips, others, 1);
        using var scope = NewDisposeScope();
        return cdist(clips, others).amin([1]).data<double>().ToArray();
    }

    /// <summary>
    /// Authenticity (Alaa et al. 2022, arXiv 2102.08921): the share of generated clips that are further from their nearest real clip than that one is
    /// from its own nearest. Copies are not.
    /// </summary>
    /// <param name="real">[N, D], N above 1.</param>
    /// <param name="generated">[M, D], M above 0.</param>
    /// <returns>0 to 1; for clips of the same distribution about a half.</returns>
    /// <exception cref="ArgumentException">A sample is too small, or the widths differ.</exception>
    public static double Authenticity(Tensor real, Tensor generated)
    {
        FeatureSample.Check(real, generated, 1);
        FeatureSample.Check(real, real, 2);
        using var scope = NewDisposeScope();
        Tensor own = cdist(real, real).topk(2, 1, largest: false, sorted: true).values.select(1, 1); // [N]
        (Tensor distances, Tensor nearest) = cdist(generated, real).min(1); // [M]
        return distances.greater(own.index_select(0, nearest)).to_type(ScalarType.Float64).mean().item<double>();
    }

    // [N, M]: whether a clip lies in the neighbourhood of a point of the manifold.
    private static Tensor Inside(Tensor clips, Tensor manifold, int neighbours)
    {
        // The first neighbour of a clip in its own sample is itself.
        Tensor radii = cdist(manifold, manifold).topk(neighbours + 1, 1, largest: false, sorted: true).values.select(1, neighbours); // [M]
        return cdist(clips, manifold) <= radii;
    }
}
