using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Torch.Networks;

/// <summary>
/// The linear of large networks. On a CPU and without a gradient it goes to oneDNN, whose float32 kernels are faster than the matrix product that libtorch's own linear
/// takes there (docs/performance.md); otherwise it is libtorch's.
/// </summary>
public static class Linear
{
    /// <summary>x · weightᵀ + bias.</summary>
    /// <param name="x">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out]; null: none.</param>
    /// <returns>[..., out], in the current dispose scope.</returns>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        return OneDnn(x, weight, bias, gelu: false) ?? functional.linear(x, weight, bias);
    }

    /// <summary>GELU(x · weightᵀ + bias), in its tanh approximation (arXiv 1606.08415).</summary>
    /// <param name="x">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out]; null: none.</param>
    /// <returns>[..., out], in the current dispose scope.</returns>
    public static Tensor ForwardGelu(Tensor x, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (OneDnn(x, weight, bias, gelu: true) is { } activated)
        {
            return activated;
        }

        using Tensor hidden = functional.linear(x, weight, bias); // [..., out]
        return functional.gelu(hidden, TorchSharp.Modules.GELU.Approximate.tanh, false);
    }

    private static Tensor? OneDnn(Tensor x, Tensor weight, Tensor? bias, bool gelu) => Fits(x, weight, bias) ? OneDnnLinear.Forward(x, weight, bias!, gelu) : null;

    private static bool Fits(Tensor x, Tensor weight, Tensor? bias) =>
        x.device_type == TorchSharp.DeviceType.CPU
        && x.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && weight.dtype == x.dtype && bias is not null && bias.dtype == x.dtype
        && weight.is_contiguous() && x.size(-1) == weight.size(1) && x.numel() > 0
        && !(is_grad_enabled() && (x.requires_grad || weight.requires_grad || bias.requires_grad))
        && OneDnnLinear.IsAvailable;
}
