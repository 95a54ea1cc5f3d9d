using MedGen.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Optimization;

[Collection("torch")]
public class AdamWTests
{
    [Fact]
    public void Step_ManyTimes_EqualsTorchsAdamW()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        Tensor start = randn(3, 4);
        Tensor target = randn(3, 4);
        OptimizerOptions options = new() { LearningRate = 0.05, WeightDecay = 0.1, WarmupSteps = 0, FinalFraction = 1, Beta2 = 0.95 };
        using ParameterVector parameters = ParameterVector.Create(new Dictionary<string, Tensor> { ["x.weight"] = start }, CPU);
        using AdamW optimizer = new(parameters, options);
        TorchSharp.Modules.Parameter reference = nn.Parameter(start.clone());
        using var torchs = optim.AdamW([reference], lr: 0.05, beta1: options.Beta1, beta2: options.Beta2, eps: options.Epsilon, weight_decay: options.WeightDecay);

        for (int step = 0; step < 20; step++)
        {
            parameters.Values.grad?.zero_();
            (parameters.Pieces()["x.weight"] - target).pow(4).sum().backward();
            optimizer.Step(step, optimizer.LearningRateAt(step, 20));
            torchs.zero_grad();
            (reference - target).pow(4).sum().backward();
            torchs.step();
        }

        parameters.Pieces()["x.weight"].sub(reference).abs().max().item<float>().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void LearningRateAt_WarmUpAndCosine_RisesAndFalls()
    {
        using ParameterVector parameters = ParameterVector.Create(new Dictionary<string, Tensor> { ["x.weight"] = zeros(1, 1) }, CPU);
        using AdamW optimizer = new(parameters, new() { LearningRate = 1, WarmupSteps = 10, FinalFraction = 0.1 });

        optimizer.LearningRateAt(0, 110).ShouldBe(0.1, 1e-9);
        optimizer.LearningRateAt(9, 110).ShouldBe(1, 1e-9);
        optimizer.LearningRateAt(60, 110).ShouldBe(0.55, 1e-9);
        optimizer.LearningRateAt(109, 110).ShouldBe(0.1, 1e-3);
    }

    [Fact]
    public void Create_WeightsOfManyKinds_LetsOnlyMatricesDecay()
    {
        using ParameterVector parameters = ParameterVector.Create(
            new Dictionary<string, Tensor> { ["a.bias"] = ones(3), ["a.weight"] = ones(2, 3), ["norm.weight"] = ones(5), ["token_embedding.weight"] = ones(7, 2) }, CPU);

        parameters.Decayed.ShouldBe(6);
        parameters.Names.First().ShouldBe("a.weight");
        using DisposeScope scope = NewDisposeScope();
        parameters.Pieces()["token_embedding.weight"].shape.ShouldBe([7, 2]);
    }
}
