using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Torch.Operations;

/// <summary>
/// The linear of large networks. On a CPU and without a gradient it goes to oneDNN, whose float32 kernels are faster than the matrix product that
/// libtorch's own linear takes there (docs/performance.md); otherwise it is libtorch's. <see cref="CpuKernels"/> chooses; bfloat16 that the processor
/// does not have is computed in float32 and rounded.
/// </summary>
public static class Linear
{
    /// <summary>Weights that are there in float32 at once where bfloat16 is emulated: 16 MB.</summary>
    public const long EmulatedWeightsAtATime = 1 << 22;

    /// <summary>x · weightᵀ + bias.</summary>
    /// <param name="x">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out]; null: none.</param>
    /// <returns>[..., out], in the current dispose scope.</returns>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        return Apply(x, weight, bias, gelu: false);
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
        return Apply(x, weight, bias, gelu: true);
    }

    private static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, bool gelu)
    {
        if (CpuKernels.Current.Emulates(x.dtype, x.device_type))
        {
            return Emulate(x, weight, bias, gelu);
        }

        if (GoesToOneDnn(x, weight, bias))
        {
            return OneDnnLinear.Forward(x, weight, bias!, gelu);
        }

        Tensor y = functional.linear(x, weight, bias); // [..., out]
        if (!gelu)
        {
            return y;
        }

        using (y)
        {
            return functional.gelu(y, TorchSharp.Modules.GELU.Approximate.tanh, false); // [..., out]
        }
    }

    // In float32, rounded; the weights are widened in pieces that the C library's heap keeps, since fresh pages for all of them cost more than the
    // product.
    private static Tensor Emulate(Tensor x, Tensor weight, Tensor? bias, bool gelu)
    {
        using var scope = NewDisposeScope();
        Tensor wide = x.to_type(ScalarType.Float32); // [..., in]
        long outputs = weight.size(0);
        long pieces = Math.Clamp((weight.numel() + EmulatedWeightsAtATime - 1) / EmulatedWeightsAtATime, 1, outputs);
        long rows = (outputs + pieces - 1) / pieces;
        List<Tensor> results = [];
        for (long first = 0; first < outputs; first += rows)
        {
            using var pieceScope = NewDisposeScope();
            long taken = Math.Min(rows, outputs - first);
            Tensor y = Apply(
                wide, weight.narrow(0, first, taken).to_type(ScalarType.Float32), bias?.narrow(0, first, taken).to_type(ScalarType.Float32), gelu);
            results.Add(y.to_type(x.dtype).MoveToOuterDisposeScope()); // [..., taken]
        }

        return (results is [var whole] ? whole : cat(results, -1)).MoveToOuterDisposeScope(); // [..., out]
    }

    private static bool GoesToOneDnn(Tensor x, Tensor weight, Tensor? bias) =>
        CpuKernels.Current.HasOneDnnLinear
        && x.device_type == TorchSharp.DeviceType.CPU
        && x.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && weight.dtype == x.dtype && bias is not null && bias.dtype == x.dtype
        && weight.is_contiguous() && x.size(-1) == weight.size(1) && x.numel() > 0
        && !(is_grad_enabled() && (x.requires_grad || weight.requires_grad || bias.requires_grad));
}
