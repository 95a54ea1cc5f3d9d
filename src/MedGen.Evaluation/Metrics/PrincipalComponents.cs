using static TorchSharp.torch;

namespace MedGen.Evaluation.Metrics;

/// <summary>
/// Principal components of a reference sample, each scaled to unit variance in it: a space in which distances mean something and covariances have
/// full rank.
/// </summary>
public sealed class PrincipalComponents : IDisposable
{
    private readonly Tensor _mean;
    private readonly Tensor _projection;

    private PrincipalComponents(Tensor mean, Tensor projection) => (_mean, _projection) = (mean, projection);

    /// <summary>Finds the components.</summary>
    /// <param name="reference">[N, D], float64, N above 1.</param>
    /// <param name="most">So many components, fewer where the sample spans fewer.</param>
    /// <returns>The space; the caller disposes it.</returns>
    public static PrincipalComponents Fit(Tensor reference, int most)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var scope = NewDisposeScope();
        Tensor mean = reference.mean([0]); // [D]
        (_, Tensor values, Tensor directions) = linalg.svd(reference - mean, fullMatrices: false); // [K], [K, D]
        double[] deviations = [.. values.data<double>().ToArray().Select(value => value / Math.Sqrt(reference.size(0) - 1))];
        int count = Math.Min(most, deviations.TakeWhile(deviation => deviation > 1e-6 * deviations[0]).Count());
        Tensor projection = directions.narrow(0, 0, count).t() / tensor(deviations[..count]); // [D, K]
        return new PrincipalComponents(mean.DetachFromDisposeScope(), projection.DetachFromDisposeScope());
    }

    /// <summary>Number of components.</summary>
    public int Count => (int)_projection.size(1);

    /// <summary>Projects.</summary>
    /// <param name="features">[N, D], float64.</param>
    /// <returns>[N, K], float64, in the current dispose scope.</returns>
    public Tensor Project(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using Tensor centred = features - _mean;
        return centred.mm(_projection);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _projection.Dispose();
    }
}
