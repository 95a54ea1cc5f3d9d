using MedGen.Torch.Operations;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests.Operations;

/// <summary>Compares with float64, which goes to libtorch's own linear.</summary>
public sealed class LinearTests
{
    private static readonly long[] Rows = [1, 3, 17, 320];
    private static readonly long[] Widths = [1, 8, 15, 16, 17, 31, 33, 100, 257];

    [Theory]
    [InlineData(ScalarType.Float32, 5e-5)] // of sums of up to 257 products; tests beside it draw from the same generator, so the numbers differ
    [InlineData(ScalarType.BFloat16, 2e-2)]
    public void Forward_AnyWidths_AgreesWithDoublePrecision(ScalarType type, double tolerance)
    {
        random.manual_seed(1);
        List<string> wrong = [];
        foreach (long rows in Rows)
        {
            foreach (long inputs in Widths)
            {
                foreach (long outputs in Widths)
                {
                    using var scope = NewDisposeScope();
                    Tensor x = randn([1, rows, inputs]).to_type(type);
                    Tensor weight = randn([outputs, inputs]).to_type(type);
                    Tensor bias = randn([outputs]).to_type(type);
                    Tensor exact = nn.functional.linear(x.to_type(float64), weight.to_type(float64), bias.to_type(float64));
                    Tensor activated = nn.functional.gelu(exact, TorchSharp.Modules.GELU.Approximate.tanh, false);
                    double error = Math.Max(Distance(Linear.Forward(x, weight, bias), exact), Distance(Linear.ForwardGelu(x, weight, bias), activated));
                    if (!(error < tolerance))
                    {
                        wrong.Add($"{rows} x {inputs} -> {outputs}: {error}");
                    }
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Forward_WithAGradient_PassesItOn()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn([2, 5]).requires_grad_();
        Tensor weight = randn([3, 5]).requires_grad_();
        Tensor bias = zeros(3).requires_grad_();

        Linear.ForwardGelu(Linear.Forward(x, weight, bias), eye(3), zeros(3)).sum().backward();

        new[] { x, weight, bias }.ShouldAllBe(tensor => tensor.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Forward_OnThisProcessor_IsOneDnns()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn([4, 8]);
        Tensor weight = randn([3, 8]);

        OneDnnLinear.IsAvailable.ShouldBeTrue();
        OneDnnLinear.Forward(x, weight, zeros(3), gelu: false).shape.ShouldBe([4, 3]);
    }

    [Fact]
    public void Forward_Twice_LeavesNoTensorsBehind()
    {
        using Tensor x = randn([4, 8]);
        using Tensor weight = randn([3, 8]);
        using Tensor bias = zeros(3);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount; // other tests run on other threads

        Linear.Forward(x, weight, bias).Dispose();
        Linear.ForwardGelu(x, weight, null).Dispose();

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    private static double Distance(Tensor actual, Tensor exact) => ((actual.to_type(float64) - exact).abs() / (exact.abs() + 1)).max().item<double>();
}
