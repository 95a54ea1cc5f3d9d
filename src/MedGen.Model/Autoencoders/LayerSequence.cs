using static TorchSharp.torch;

namespace MedGen.Model.Autoencoders;

/// <summary>Layers one behind the other, each with its name under the encoder or decoder.</summary>
internal sealed class LayerSequence
{
    private readonly List<(string Name, ILayer Layer)> _layers = [];

    /// <summary>How many there are.</summary>
    public int Count => _layers.Count;

    /// <summary>Puts a layer at the end.</summary>
    /// <param name="name">Name that it is observed by.</param>
    /// <param name="layer">The layer.</param>
    public void Add(string name, ILayer layer) => _layers.Add((name, layer));

    /// <summary>Passes a chunk through the layers, or some of them. What goes in is freed as soon as the first layer has seen it.</summary>
    /// <param name="x">[B, C, T, H, W]; disposed.</param>
    /// <param name="cache">The call's cache.</param>
    /// <param name="observe">Told of each inner result by name.</param>
    /// <param name="range">Which layers; all by default.</param>
    /// <returns>[B, C', T', H', W'].</returns>
    public Tensor Forward(Tensor x, FeatureCache cache, Action<string, Tensor>? observe, Range? range = null)
    {
        foreach ((string name, ILayer layer) in _layers.Take(range ?? Range.All))
        {
            using Tensor previous = x;
            x = layer is ResidualStage stage ? stage.Forward(previous, cache, observe) : layer.Forward(previous, cache);
            observe?.Invoke(name, x);
        }

        return x;
    }
}
