using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MedGen.Torch.Operations;

/// <summary>
/// oneDNN's linear of libtorch (<c>mkldnn::_linear_pointwise</c>), which TorchSharp does not offer: with plain weights, so that they may lie over a
/// file's map, and with the activation in the same pass. libtorch exports it for its own compiled models under a C signature that takes the tensor
/// handles TorchSharp holds.
/// </summary>
internal static unsafe class OneDnnLinear
{
    private static readonly delegate* unmanaged[Cdecl]<nint, nint, nint*, byte*, double**, long, byte**, nint*, int> Call = Find();

    /// <summary>Whether this libtorch has it; builds for some processors do not.</summary>
    public static bool IsAvailable => Call is not null;

    /// <summary>Computes x · weightᵀ + bias, then GELU where asked for.</summary>
    /// <param name="x">[..., in] on the CPU, float32 or bfloat16.</param>
    /// <param name="weight">[out, in], contiguous, same number type.</param>
    /// <param name="bias">[out], same number type.</param>
    /// <param name="gelu">Whether the tanh approximation of GELU follows.</param>
    /// <returns>[..., out] in the current dispose scope.</returns>
    /// <exception cref="InvalidOperationException">libtorch refuses, although <see cref="CpuKernels"/> says that the processor can.</exception>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor bias, bool gelu)
    {
        nint biasHandle = bias.Handle;
        nint result = 0;
        int status;
        fixed (byte* attribute = gelu ? "gelu\0"u8 : "none\0"u8, algorithm = "tanh\0"u8)
        {
            byte* chosen = algorithm;
            status = Call(x.Handle, weight.Handle, &biasHandle, attribute, null, 0, gelu ? &chosen : null, &result);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return status == 0
            ? Tensor.UnsafeCreateTensor(result)
            : throw new InvalidOperationException($"oneDNN has no linear for {x.dtype} with the kernels {CpuKernels.Current.Name}.");
    }

    private static delegate* unmanaged[Cdecl]<nint, nint, nint*, byte*, double**, long, byte**, nint*, int> Find()
    {
        // Makes TorchSharp load its natives first, from wherever it looks for them.
        _ = get_num_threads();
        return NativeLibrary.TryLoad("torch_cpu", typeof(OneDnnLinear).Assembly, null, out nint library)
            && NativeLibrary.TryGetExport(library, "aoti_torch_cpu__linear_pointwise", out nint address)
            ? (delegate* unmanaged[Cdecl]<nint, nint, nint*, byte*, double**, long, byte**, nint*, int>)address
            : null;
    }
}
