using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>The adapters in use for one forward, each with its scale; scale 0 is as good as none. Owns nothing.</summary>
public sealed class AdapterSet
{
    private const string WeightEnding = ".weight";

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
    /// <param name="weight">Its weight, [out, in].</param>
    /// <param name="output">Output of the linear, [..., out]; changed in place.</param>
    public void AddTo(string module, Tensor input, Tensor weight, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach ((LoraAdapter adapter, double scale) in _adapters)
        {
            if (adapter.Find(module) is { } update)
            {
                using Tensor change = update.Apply(input, weight, scale);
                output.add_(change);
            }

            if (adapter.DifferenceOf($"{module}.bias") is { } difference)
            {
                using Tensor bias = difference.to_type(output.dtype, copy: true).mul_(scale);
                output.add_(bias);
            }
        }
    }

    /// <summary>A weight that is no linear's with the adapters' differences, for instance <c>blocks.0.modulation</c>.</summary>
    /// <param name="parameter">Its original Wan name.</param>
    /// <param name="value">The weight; left as it is.</param>
    /// <returns>The weight itself where no adapter changes it.</returns>
    public Tensor Changed(string parameter, Tensor value)
    {
        foreach ((LoraAdapter adapter, double scale) in _adapters)
        {
            if (adapter.DifferenceOf(parameter) is { } difference)
            {
                value = value.add(difference, scale);
            }
        }

        return value;
    }

    /// <summary>A weight with the adapters merged in.</summary>
    /// <param name="parameter">Its original Wan name, for instance <c>blocks.0.self_attn.q.weight</c>.</param>
    /// <param name="value">The weight; left as it is.</param>
    /// <returns>A new weight of the same number type; sums are taken in float32.</returns>
    public Tensor Merge(string parameter, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(value);
        using var scope = NewDisposeScope();
        Tensor merged = Changed(parameter, value.to_type(ScalarType.Float32, copy: true));
        string module = parameter.EndsWith(WeightEnding, StringComparison.Ordinal) ? parameter[..^WeightEnding.Length] : "";
        foreach ((LoraAdapter adapter, double scale) in _adapters)
        {
            if (adapter.Find(module) is { } update)
            {
                merged = merged + update.Delta(value.flatten(1), scale).view(value.shape);
            }
        }

        return merged.to_type(value.dtype).MoveToOuterDisposeScope();
    }
}
