using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>The adapters in use for one forward, each with its scale; scale 0 is as good as none. Owns nothing.</summary>
public sealed class AdapterSet
{
    private readonly IReadOnlyList<(LoraAdapter Adapter, double Scale)> _adapters;

    /// <summary>Puts adapters together.</summary>
    /// <param name="adapters">Adapters and their scales; later ones add to earlier ones.</param>
    public AdapterSet(params IReadOnlyList<(LoraAdapter Adapter, double Scale)> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        _adapters = adapters;
    }

    /// <summary>Adds the adapters' share to a linear's output.</summary>
    /// <param name="module">Original Wan name of the linear, for instance <c>blocks.0.self_attn.q</c>.</param>
    /// <param name="input">Input of the linear, [..., in].</param>
    /// <param name="output">Output of the linear, [..., out]; changed in place.</param>
    public void AddTo(string module, Tensor input, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach ((LoraAdapter adapter, double scale) in _adapters)
        {
            if (adapter.Find(module) is { } update)
            {
                using Tensor change = update.Apply(input, scale);
                output.add_(change);
            }
        }
    }

    /// <summary>The weight with the adapters merged in.</summary>
    /// <param name="module">Original Wan name of the linear.</param>
    /// <param name="weight">Its weight, [out, in]; left as it is.</param>
    /// <returns>A new weight of the same number type; sums are taken in float32.</returns>
    public Tensor Merge(string module, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        Tensor merged = weight.to_type(ScalarType.Float32, copy: true); // [out, in]
        foreach ((LoraAdapter adapter, double scale) in _adapters)
        {
            if (adapter.Find(module) is { } update)
            {
                using Tensor delta = update.Delta(scale);
                merged.add_(delta);
            }
        }

        if (weight.dtype == ScalarType.Float32)
        {
            return merged;
        }

        using (merged)
        {
            return merged.to_type(weight.dtype);
        }
    }
}
