using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>A linear over given weights that adapters may add to.</summary>
/// <param name="Name">Original module name, for instance <c>blocks.0.self_attn.q</c>.</param>
/// <param name="Weight">[out, in].</param>
/// <param name="Bias">[out].</param>
internal sealed record AdaptableLinear(string Name, Tensor Weight, Tensor Bias)
{
    /// <summary>Takes weight and bias in the set's number type.</summary>
    public static AdaptableLinear Take(ParameterSet parameters, string name, long outFeatures, long inFeatures) =>
        new(name, parameters.Take($"{name}.weight", outFeatures, inFeatures), parameters.Take($"{name}.bias", outFeatures));

    /// <summary>Takes weight and bias in float32, whatever the set's number type.</summary>
    public static AdaptableLinear TakeFloat32(ParameterSet parameters, string name, long outFeatures, long inFeatures) =>
        new(name, parameters.TakeFloat32($"{name}.weight", outFeatures, inFeatures), parameters.TakeFloat32($"{name}.bias", outFeatures));

    /// <summary>[..., in] → [..., out].</summary>
    public Tensor Forward(Tensor x, AdapterSet? adapters)
    {
        Tensor y = MedGen.Torch.Networks.Linear.Forward(x, Weight, Bias); // [..., out]
        adapters?.AddTo(Name, x, y);
        return y;
    }

    /// <summary>As <see cref="Forward"/>, with GELU (tanh) behind it.</summary>
    public Tensor ForwardGelu(Tensor x, AdapterSet? adapters)
    {
        if (adapters is null)
        {
            return MedGen.Torch.Networks.Linear.ForwardGelu(x, Weight, Bias);
        }

        using Tensor y = Forward(x, adapters); // [..., out]
        return functional.gelu(y, TorchSharp.Modules.GELU.Approximate.tanh, false);
    }
}
