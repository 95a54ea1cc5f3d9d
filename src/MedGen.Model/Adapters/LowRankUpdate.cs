using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>The change of one linear: W' = W + scale · Factor · Up · Down (LoRA, arXiv 2106.09685).</summary>
internal sealed record LowRankUpdate(Tensor Down, Tensor Up, double Factor)
{
    /// <summary>The change of the linear's output for an input [..., in], as [..., out].</summary>
    public Tensor Apply(Tensor input, double scale) => input.matmul(Down.t()).matmul(Up.t()).mul_(scale * Factor); // [..., out]

    /// <summary>The change of the weight, float32 [out, in].</summary>
    public Tensor Delta(double scale) => Up.to_type(ScalarType.Float32).matmul(Down.to_type(ScalarType.Float32)).mul_(scale * Factor); // [out, in]
}
