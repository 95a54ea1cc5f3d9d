using MedGen.Evaluation.Metrics;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// How the clips of a pool lie to the real training clips, in principal components of what the classifier sees of the real ones.
/// </summary>
/// <param name="Clips">Number of clips.</param>
/// <param name="Frechet">Fréchet distance (arXiv 1706.08500), 0 for equal distributions.</param>
/// <param name="Precision">Share of its clips that lie among real ones (arXiv 1904.06991, k = 3).</param>
/// <param name="Recall">Share of the real clips that lie among its own.</param>
/// <param name="Coverage">Share of the real clips that have one of its clips near (arXiv 2002.09797, k = 5).</param>
/// <param name="Authenticity">
/// Share of its clips that are further from their nearest real clip than that one is from its own nearest (arXiv 2102.08921): low for copies.
/// </param>
public sealed record PoolFidelity(int Clips, double Frechet, double Precision, double Recall, double Coverage, double Authenticity)
{
    /// <summary>Fewest clips, on both sides, of which the figures mean something.</summary>
    public const int Fewest = Neighbourhoods.DensityNeighbours + 1;

    // A covariance of more components than a third of the clips is noise.
    private const int ClipsPerComponent = 3;
    private const int MostComponents = 32;

    /// <summary>Compares.</summary>
    /// <param name="real">Features of the real clips.</param>
    /// <param name="made">Features of the made ones.</param>
    /// <returns>The figures; null: there are fewer than <see cref="Fewest"/> of either.</returns>
    internal static PoolFidelity? Of(IReadOnlyList<double[]> real, IReadOnlyList<double[]> made)
    {
        if (real.Count < Fewest || made.Count < Fewest)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        Tensor reference = Matrix(real);
        using PrincipalComponents space = PrincipalComponents.Fit(reference, Math.Clamp(real.Count / ClipsPerComponent, 2, MostComponents));
        Tensor realPoints = space.Project(reference);
        Tensor points = space.Project(Matrix(made));
        (double precision, double recall) = Neighbourhoods.PrecisionRecall(realPoints, points);
        (_, double coverage) = Neighbourhoods.DensityCoverage(realPoints, points);
        return new PoolFidelity(
            made.Count, FrechetDistance.Of(points, realPoints), precision, recall, coverage, Neighbourhoods.Authenticity(realPoints, points));
    }

    private static Tensor Matrix(IReadOnlyList<double[]> rows) => tensor([.. rows.SelectMany(row => row)], [rows.Count, rows[0].Length]);
}
