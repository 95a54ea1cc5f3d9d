using static TorchSharp.torch;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// What the layers of one encode or decode call remember from chunk to chunk: the last input frames of each temporal convolution. One object
/// a call, so that calls never see each other. Frames live until they are replaced or the cache is disposed.
/// </summary>
internal sealed class FeatureCache : IDisposable
{
    private readonly Dictionary<object, Tensor> _frames = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _begun = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a layer sees its first chunk; true once for each layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>Whether this is its first chunk.</returns>
    public bool Begin(object layer) => _begun.Add(layer);

    /// <summary>The frames that a layer kept, if any.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The frames, which the cache owns; null when there are none yet.</returns>
    public Tensor? Frames(object layer) => _frames.GetValueOrDefault(layer);

    /// <summary>Keeps the last frames of a layer's input for its next chunk.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">Input [B, C, T, H, W].</param>
    /// <param name="count">How many of its frames.</param>
    public void Keep(object layer, Tensor input, long count)
    {
        using Tensor last = input.narrow(2, input.size(2) - count, count); // [B, C, count, H, W]
        // A copy: a view would keep the whole chunk in memory.
        Tensor kept = last.clone().DetachFromDisposeScope();
        Frames(layer)?.Dispose();
        _frames[layer] = kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor frames in _frames.Values)
        {
            frames.Dispose();
        }

        _frames.Clear();
    }
}
