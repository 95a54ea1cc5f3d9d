using MedGen.Model.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Bench.Forward;

/// <summary>Random weights made in place, each once, so that two implementations stand over the same memory.</summary>
/// <param name="type">Number type of the weights.</param>
internal sealed class RandomWeights(ScalarType type) : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Bytes of all weights that were asked for.</summary>
    public long Bytes => _tensors.Values.Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>All weights that were asked for, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> All => _tensors;

    /// <summary>Reads them.</summary>
    public WeightReader Reader => (name, shape) => Get(name, shape).alias();

    /// <summary>A weight; it belongs to this object.</summary>
    /// <param name="name">Original name.</param>
    /// <param name="shape">Its shape; may be left out once it is there.</param>
    public Tensor Get(string name, params long[] shape)
    {
        if (!_tensors.TryGetValue(name, out Tensor? tensor))
        {
            tensor = nn.init.normal_(empty(shape, type), 0, 0.02).DetachFromDisposeScope();
            _tensors.Add(name, tensor);
        }

        return tensor;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
