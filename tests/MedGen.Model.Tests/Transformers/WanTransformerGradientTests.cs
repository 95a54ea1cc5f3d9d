using MedGen.Model.Adapters;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Transformers;

/// <summary>What is faster without a gradient must neither change the result nor stand in a gradient's way.</summary>
public sealed class WanTransformerGradientTests
{
    private const int Frames = 3; // 3 × 16 × 16 = 768 tokens: the feed-forward takes them in two pieces

    [Fact]
    public void Forward_WithTrainedWeights_GivesTheSameAndReachesAllOfThem()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer frozen = WanTransformerGoldenTests.Load();
        Dictionary<string, Tensor> weights = frozen.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.Numbers!.clone().requires_grad_());
        using WanTransformer trained = WanTransformer.Load((name, _) => weights[name].alias(), frozen.Config, CPU, ScalarType.Float32);

        Tensor output = Run(trained, null);
        output.square().mean().backward();

        WanTransformerGoldenTests.MaxAbsDiff(output.detach(), Run(frozen, null)).ShouldBeLessThan(1e-4);
        weights.Where(pair => pair.Value.grad is null || !(pair.Value.grad.abs().sum().item<float>() > 0)).Select(pair => pair.Key).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("self_attn.q")]
    [InlineData("cross_attn.v")]
    [InlineData("ffn.0")]
    [InlineData("ffn.2")]
    public void Forward_WithATrainedAdapterOverFrozenWeights_ReachesIt(string linear)
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        string module = $"blocks.1.{linear}";
        IReadOnlyList<long> shape = transformer.Linears[module];
        Tensor down = (randn(2, shape[1]) * 0.1).requires_grad_();
        Tensor up = (randn(shape[0], 2) * 0.1).requires_grad_();
        LoraAdapter adapter = LoraAdapter.Over("adapter", new Dictionary<string, (Tensor Down, Tensor Up)> { [module] = (down, up) }, 1);
        AdapterSet adapters = new((adapter, 1.0));

        Tensor output = Run(transformer, adapters);
        output.square().mean().backward();

        new[] { down, up }.ShouldAllBe(part => part.grad!.abs().sum().item<float>() > 0);
        using IDisposable noGradient = no_grad();
        WanTransformerGoldenTests.MaxAbsDiff(Run(transformer, adapters), output).ShouldBeLessThan(1e-4);
    }

    private static Tensor Run(WanTransformer transformer, AdapterSet? adapters)
    {
        using Generator generator = new(5);
        Tensor latents = randn([1, 16, Frames, 32, 32], generator: generator);
        Tensor context = randn([5, transformer.Config.TextDim], generator: generator);
        ForwardContext forward = new() { Adapters = adapters };
        using TextContext text = transformer.PrepareText([context], forward);
        return transformer.Forward(latents, tensor(new[] { 400f }), text, forward);
    }
}
