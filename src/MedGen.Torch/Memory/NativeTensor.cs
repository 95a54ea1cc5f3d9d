using System.Runtime.InteropServices;

namespace MedGen.Torch.Memory;

/// <summary>
/// What TorchSharp's native library can and its managed side does not offer: a tensor over memory that is already there, and bytes beyond 2 GiB.
/// </summary>
internal static unsafe partial class NativeTensor
{
    static NativeTensor()
    {
        // Makes TorchSharp load its natives first, from wherever it looks for them.
        _ = global::TorchSharp.torch.get_num_threads();
    }

    [LibraryImport("LibTorchSharp")]
    internal static partial nint THSTensor_new(
        byte* data, nint deleter, long* sizes, int sizesLength, sbyte scalarType, sbyte dtype, int deviceType, int deviceIndex, byte requiresGrad);

    /// <summary>Some bytes of a contiguous tensor on the CPU; valid while the tensor lives.</summary>
    internal static ReadOnlySpan<byte> Bytes(global::TorchSharp.torch.Tensor tensor, long offset, int length) =>
        new((byte*)THSTensor_data(tensor.Handle) + offset, length);

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);
}
