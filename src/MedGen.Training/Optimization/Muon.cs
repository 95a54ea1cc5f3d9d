using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>
/// Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon; sizes of the update as in Moonlight, arXiv 2502.16982): each matrix and each kernel
/// moves by its Nesterov momentum with all singular values made about one, so that what has small gradients, as fine detail in an autoencoder, is
/// learnt as soon as the rest. Biases, norms and embeddings move by Adam. Updates have the size of AdamW's: its learning rates do.
/// </summary>
/// <param name="parameters">What is trained.</param>
/// <param name="options">Rates; Beta1 is the momentum.</param>
internal sealed class Muon(ParameterVector parameters, OptimizerOptions options) : Optimizer(parameters, options)
{
    // Root mean square of an update of AdamW.
    private const double UpdateSize = 0.2;

    // Of the iteration, as published.
    private const int Iterations = 5;
    private const float A = 3.4445f;
    private const float B = -4.7750f;
    private const float C = 2.0315f;

    /// <summary>
    /// The nearest matrix with orthonormal rows (or columns, where there are more rows), by five steps of a Newton–Schulz iteration that trades
    /// exactness for speed: singular values end near one, between 0.5 and 1.3 in the tests. Five steps multiply by at most 3.4445⁵ = 485, so those
    /// below about a five-hundredth of the norm stay smaller.
    /// </summary>
    /// <param name="matrix">[R, C].</param>
    /// <returns>[R, C], in the current dispose scope; zero for zero.</returns>
    internal static Tensor Orthogonalize(Tensor matrix)
    {
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor wide = tall ? matrix.t() : matrix;
        wide = wide / wide.norm().clamp_min(1e-30);

        // X' = (a + bA + cA²)X with A = XXᵀ. All factors are polynomials of the first A, so that the wide matrix is needed only at both ends.
        Tensor gram = wide.mm(wide.t());
        Tensor factor = Factor(gram);
        Tensor product = factor;
        for (int i = 1; i < Iterations; i++)
        {
            gram = factor.mm(gram).mm(factor);
            factor = Factor(gram);
            product = factor.mm(product);
        }

        Tensor result = product.mm(wide);
        return tall ? result.t() : result;
    }

    /// <inheritdoc/>
    protected override void Move(Tensor gradient, int step, double learningRate)
    {
        Tensor ahead = (FirstMoment * Options.Beta1).add_(gradient, alpha: 1 - Options.Beta1);
        foreach ((long first, long[] shape) in Parameters.DecayedPieces)
        {
            using var scope = NewDisposeScope();
            (long rows, long columns) = (shape[0], shape[1..].Aggregate(1L, (product, side) => product * side));
            Tensor update = Orthogonalize(ahead.narrow(0, first, rows * columns).view(rows, columns));
            Parameters.Values.narrow(0, first, rows * columns).view(rows, columns)
                .add_(update, alpha: -learningRate * UpdateSize * Math.Sqrt(Math.Max(rows, columns)));
        }

        MoveByAdam(Parameters.Decayed, gradient, step, learningRate);
    }

    private static Tensor Factor(Tensor gram)
    {
        Tensor factor = (gram * B).addmm_(gram, gram, beta: 1, alpha: C);
        factor.diagonal().add_(A);
        return factor;
    }
}
