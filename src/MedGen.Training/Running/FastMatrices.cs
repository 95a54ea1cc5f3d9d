using static TorchSharp.torch;

namespace MedGen.Training.Running;

/// <summary>
/// While it lives, CUDA multiplies matrices with ten mantissa bits: enough for gradients, and matrix units take them. A setting of the whole process,
/// so a model that lives in it is given its own precision back.
/// </summary>
internal sealed class FastMatrices : IDisposable
{
    private readonly bool _before = backends.cuda.matmul.allow_tf32;

    public FastMatrices() => backends.cuda.matmul.allow_tf32 = true;

    public void Dispose() => backends.cuda.matmul.allow_tf32 = _before;
}
