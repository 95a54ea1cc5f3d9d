using MedGen.Torch.Operations;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests.Networks;

/// <summary>Compares with float64, which libtorch computes by other kernels.</summary>
public sealed class ConvolutionTests
{
    private static readonly long[] Channels = [3, 16, 24, 48, 80];

    public static TheoryData<int, int, int> Shapes { get; } = new()
    {
        { 2, 1, 1 }, { 2, 3, 1 }, { 2, 3, 2 }, { 2, 5, 2 }, { 3, 3, 1 }, { 3, 3, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_AnyChannels_AgreesWithDoublePrecisionInValueAndGradients(int dimensions, int kernel, int stride)
    {
        random.manual_seed(dimensions + kernel + stride);
        List<string> wrong = [];
        foreach (long batch in (long[])[1, 3])
        {
            foreach (long inputs in Channels)
            {
                foreach (long outputs in Channels)
                {
                    using var scope = NewDisposeScope();
                    Tensor x = randn([batch, inputs, .. Enumerable.Repeat(8L, dimensions)]);
                    Tensor weight = randn([outputs, inputs, .. Enumerable.Repeat((long)kernel, dimensions)]);
                    double error = Results(x, weight, kernel, stride, float32).Zip(Results(x, weight, kernel, stride, float64), Distance).Max();
                    if (!(error < 1e-4))
                    {
                        wrong.Add($"{batch} x {inputs} -> {outputs}: {error}");
                    }
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Forward_WithBias_AddsItToEveryOutput()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn([2, 24, 6, 6]).requires_grad_();
        Tensor weight = randn([3, 24, 3, 3]);
        Tensor bias = arange(3, float32);

        Tensor difference = Convolution.Forward(x, weight, bias) - Convolution.Forward(x, weight);

        (difference - bias.view(1, 3, 1, 1)).abs().max().item<float>().ShouldBeLessThan(1e-4f);
    }

    // Value, gradient of the input, gradient of the weights.
    private static Tensor[] Results(Tensor x, Tensor weight, int kernel, int stride, ScalarType type)
    {
        int dimensions = (int)x.dim() - 2;
        Tensor input = x.to(type).detach().requires_grad_();
        Tensor taps = weight.to(type).detach().requires_grad_();
        long[] strides = [.. Enumerable.Repeat((long)stride, dimensions)];
        long[] padding = [.. Enumerable.Repeat((long)(kernel / 2), dimensions)];
        Tensor y = Convolution.Forward(input, taps, strides: strides, padding: padding);
        y.square().sum().backward();
        return [y.detach(), input.grad!, taps.grad!];
    }

    private static double Distance(Tensor got, Tensor expected) => ((got.to(float64) - expected).abs().max() / expected.abs().max()).item<double>();
}
