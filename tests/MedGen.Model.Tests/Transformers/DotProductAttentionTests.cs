using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Tests.Transformers;

/// <summary>Attention in pieces against libtorch's own in float64.</summary>
public sealed class DotProductAttentionTests
{
    /// <summary>All heads in one piece, some heads a piece, and rows of one head a piece.</summary>
    [Theory]
    [InlineData(2, 3, 40, 17)]
    [InlineData(1, 5, 700, 900)]
    [InlineData(1, 2, 3000, 1100)]
    public void Forward_InBfloat16_AgreesWithDoublePrecision(long batch, long heads, long s, long length)
    {
        random.manual_seed(3);
        using DisposeScope scope = NewDisposeScope();
        Tensor q = Bfloat16(batch, heads, s, 16);
        Tensor k = Bfloat16(batch, heads, length, 16);
        Tensor v = Bfloat16(batch, heads, length, 16);
        Tensor bias = Bfloat16(batch, 1, 1, length);

        Tensor actual = DotProductAttention.Forward(q, k, v, bias);

        Tensor exact = F.scaled_dot_product_attention(Wide(q), Wide(k), Wide(v), Wide(bias));
        actual.dtype.ShouldBe(ScalarType.BFloat16);
        (Wide(actual) - exact).abs().max().item<double>().ShouldBeLessThan(0.03);
        (Wide(actual) - exact).abs().mean().item<double>().ShouldBeLessThan(0.003);
    }

    private static Tensor Bfloat16(params long[] shape) => randn(shape).to_type(ScalarType.BFloat16);

    private static Tensor Wide(Tensor tensor) => tensor.to_type(ScalarType.Float64);
}
