using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Networks;

/// <summary>
/// Fisher's linear discriminant: classes are normal distributions of one covariance. Gives the classes' probabilities, and how far from all of them a
/// feature vector lies. Owns its tensors, float32.
/// </summary>
public sealed class LinearDiscriminant : IDisposable
{
    private readonly Tensor _weights; // [features, classes]
    private readonly Tensor _bias; // [classes]

    /// <summary>Builds the discriminant; takes copies.</summary>
    /// <param name="means">[classes, features], the mean of each class.</param>
    /// <param name="precision">[features, features], the inverse of the covariance.</param>
    public LinearDiscriminant(Tensor means, Tensor precision)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(precision);
        using var scope = NewDisposeScope();
        Means = means.to_type(ScalarType.Float32).clone().DetachFromDisposeScope();
        Precision = precision.to_type(ScalarType.Float32).clone().DetachFromDisposeScope();
        Tensor weights = Precision.matmul(Means.t()); // [features, classes]
        _bias = (-0.5 * (Means.t() * weights).sum([0])).DetachFromDisposeScope();
        _weights = weights.DetachFromDisposeScope();
    }

    /// <summary>[classes, features].</summary>
    public Tensor Means { get; }

    /// <summary>[features, features].</summary>
    public Tensor Precision { get; }

    /// <summary>Reads a discriminant from a file's tensors.</summary>
    /// <param name="fileName">Name for the error message.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="source">Gives the tensor of a name, or null when there is none; the tensor is copied.</param>
    /// <param name="device">Where it runs.</param>
    /// <returns>The discriminant; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public static LinearDiscriminant FromWeights(string fileName, int classes, Func<string, Tensor?> source, Device device)
    {
        long features = ResidualBackbone.FeatureLength;
        (string, long[])[] shapes = [("means", [classes, features]), ("precision", [features, features])];
        var read = NetworkWeights.Copy(fileName, shapes, source, device);
        try
        {
            return new LinearDiscriminant(read["means"], read["precision"]);
        }
        finally
        {
            foreach (var value in read.Values)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>Scores feature vectors.</summary>
    /// <param name="features">[N, features], float32.</param>
    /// <returns>Log-probabilities [N, classes], and squared Mahalanobis distances to the classes [N, classes], float32.</returns>
    public (Tensor LogProbabilities, Tensor Distances) Score(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        Tensor logits = features.matmul(_weights) + _bias; // [N, classes]
        Tensor length = (features.matmul(Precision) * features).sum(1, keepdim: true); // [N, 1]
        Tensor distances = length - (2 * logits); // [N, classes]
        return (nn.functional.log_softmax(logits, dim: 1).MoveToOuterDisposeScope(), distances.MoveToOuterDisposeScope());
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Tensor value in new[] { Means, Precision, _weights, _bias })
        {
            value.Dispose();
        }
    }
}
