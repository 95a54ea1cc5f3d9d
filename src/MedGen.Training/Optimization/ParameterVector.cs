using MedGen.Model.Parameters;
using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>
/// All trained weights of a run end to end in one float32 vector, the only leaf of the graph: the modules are built over pieces of it. One vector
/// instead of hundreds of tensors makes the optimiser, the running average, clipping and the checkpoint one operation each. Weights that decay come
/// first.
/// </summary>
internal sealed class ParameterVector : IDisposable
{
    private readonly List<(string Name, long[] Shape)> _pieces;
    private readonly long[] _lengths;

    private ParameterVector(List<(string Name, long[] Shape)> pieces, Tensor values, long decayed)
    {
        _pieces = pieces;
        _lengths = [.. pieces.Select(piece => piece.Shape.Aggregate(1L, (product, side) => product * side))];
        (Values, Decayed) = (values, decayed);
        DecayedPieces = [.. Places().TakeWhile(piece => piece.First < decayed)];
        Average = values.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>The weights, float32 [N], a leaf that gradients reach.</summary>
    public Tensor Values { get; }

    /// <summary>The running average of the weights, float32 [N], without gradients.</summary>
    public Tensor Average { get; }

    /// <summary>How many values in front decay.</summary>
    public long Decayed { get; }

    /// <summary>Place of the first value and shape of each weight that decays.</summary>
    public IReadOnlyList<(long First, long[] Shape)> DecayedPieces { get; }

    /// <summary>Names and shapes in the vector's order; two vectors of one layout can take each other's checkpoints.</summary>
    public string Layout => string.Join('\n', _pieces.Select(piece => $"{piece.Name} {string.Join('x', piece.Shape)}"));

    /// <summary>Names of the weights.</summary>
    public IEnumerable<string> Names => _pieces.Select(piece => piece.Name);

    /// <summary>Puts initial weights together.</summary>
    /// <param name="initial">Weights by name; left as they are.</param>
    /// <param name="device">Where to train.</param>
    /// <returns>The vector; the caller disposes it.</returns>
    public static ParameterVector Create(IReadOnlyDictionary<string, Tensor> initial, Device device)
    {
        using var scope = NewDisposeScope();
        List<KeyValuePair<string, Tensor>> ordered = [.. initial.OrderBy(pair => Decays(pair.Key, pair.Value) ? 0 : 1)]; // a stable sort
        Tensor values = cat([.. ordered.Select(pair => pair.Value.detach().to(ScalarType.Float32, device).flatten())]);
        if (ordered.Count == 1)
        {
            values = values.clone();
        }

        return new ParameterVector(
            [.. ordered.Select(pair => (pair.Key, pair.Value.shape))],
            values.requires_grad_().DetachFromDisposeScope(),
            ordered.Where(pair => Decays(pair.Key, pair.Value)).Sum(pair => pair.Value.numel()));
    }

    /// <summary>Cuts the vector into its weights within the graph. Each piece belongs to whoever reads it.</summary>
    /// <returns>Weights by name, in the current dispose scope.</returns>
    public IReadOnlyDictionary<string, Tensor> Pieces() => Cut(Values);

    /// <summary>Cuts the running average into its weights.</summary>
    /// <returns>Weights by name, in the current dispose scope.</returns>
    public IReadOnlyDictionary<string, Tensor> AveragePieces() => Cut(Average);

    /// <summary>Reads the pieces of one part.</summary>
    /// <param name="pieces">Pieces by name.</param>
    /// <param name="prefix">Start of the part's names.</param>
    /// <returns>A reader by the part's own names.</returns>
    public static WeightReader Reader(IReadOnlyDictionary<string, Tensor> pieces, string prefix) => (name, _) => pieces[prefix + name];

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.grad?.Dispose();
        Values.Dispose();
        Average.Dispose();
    }

    // Only matrices and kernels decay; norms, biases and modulation do not.
    private static bool Decays(string name, Tensor weight) => weight.dim() > 1 && name.EndsWith(".weight", StringComparison.Ordinal)
        && !name.Contains("embedding", StringComparison.Ordinal) || name.EndsWith("patch_embedding.weight", StringComparison.Ordinal);

    private IEnumerable<(long First, long[] Shape)> Places()
    {
        long first = 0;
        for (int i = 0; i < _pieces.Count; first += _lengths[i++])
        {
            yield return (first, _pieces[i].Shape);
        }
    }

    // split, not narrow: its gradient is one concatenation, where each narrow would fill a vector of the whole length.
    private Dictionary<string, Tensor> Cut(Tensor vector)
    {
        Tensor[] parts = vector.split(_lengths);
        Dictionary<string, Tensor> pieces = new(_pieces.Count, StringComparer.Ordinal);
        for (int i = 0; i < parts.Length; i++)
        {
            pieces.Add(_pieces[i].Name, parts[i].view(_pieces[i].Shape));
        }

        return pieces;
    }
}
