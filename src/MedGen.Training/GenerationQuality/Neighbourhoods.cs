using static TorchSharp.torch;

namespace MedGen.Training.GenerationQuality;

/// <summary>What distances between single clips say.</summary>
internal static class Neighbourhoods
{
    private const int K = 3;

    /// <summary>
    /// Precision: the share of generated clips that lie among real ones; recall: the share of real clips that lie among generated ones. A clip lies among others
    /// when it is no further from one of them than that one's third neighbour (Kynkäänniemi et al. 2019, arXiv 1904.06991).
    /// </summary>
    /// <param name="real">[N, D], N above 3.</param>
    /// <param name="generated">[M, D], M above 3.</param>
    public static (double Precision, double Recall) PrecisionRecall(Tensor real, Tensor generated)
    {
        using var scope = NewDisposeScope();
        return (Covered(generated, real), Covered(real, generated));
    }

    /// <summary>Distance of each clip to the nearest of others.</summary>
    /// <param name="clips">[N, D].</param>
    /// <param name="others">[M, D].</param>
    /// <returns>N distances.</returns>
    public static double[] Nearest(Tensor clips, Tensor others)
    {
        using var scope = NewDisposeScope();
        return cdist(clips, others).amin([1]).data<double>().ToArray();
    }

    private static double Covered(Tensor clips, Tensor manifold)
    {
        // The first neighbour of a clip in its own sample is itself.
        Tensor radii = cdist(manifold, manifold).topk(K + 1, 1, largest: false, sorted: true).values.select(1, K); // [M]
        return (cdist(clips, manifold) <= radii).any(1).to_type(ScalarType.Float64).mean().item<double>();
    }
}
