using MedGen.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Optimization;

[Collection("torch")]
public sealed class MuonTests
{
    [Theory]
    [InlineData(16, 432)]
    [InlineData(64, 64)]
    [InlineData(96, 8)]
    public void Orthogonalize_AnyShape_KeepsDirectionsAndMakesSingularValuesAboutOne(long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(3);
        (Tensor left, _, Tensor right) = linalg.svd(randn(rows, columns), fullMatrices: false);
        Tensor matrix = left.mm(diag(logspace(0, -1.5, left.shape[1]))).mm(right);

        Tensor result = Muon.Orthogonalize(matrix);

        Tensor seen = left.t().mm(result).mm(right.t());
        Tensor values = seen.diagonal();
        values.min().item<float>().ShouldBeGreaterThan(0.5f);
        values.max().item<float>().ShouldBeLessThan(1.3f);
        (seen - diag(values)).abs().max().item<float>().ShouldBeLessThan(0.02f);
    }

    [Fact]
    public void Orthogonalize_Zero_IsZero()
    {
        using DisposeScope scope = NewDisposeScope();

        Muon.Orthogonalize(zeros(4, 6)).eq(0).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Step_MatrixAndBias_MovesTheMatrixByItsDirectionAndTheBiasAsAdamWDoes()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(5);
        Dictionary<string, Tensor> initial = new() { ["a.weight"] = randn(8, 3, 2, 2), ["a.bias"] = randn(8) };
        OptimizerOptions options = new() { WeightDecay = 0.1 };
        using ParameterVector byMuon = ParameterVector.Create(initial, CPU);
        using ParameterVector byAdamW = ParameterVector.Create(initial, CPU);
        using Muon muon = new(byMuon, options);
        using AdamW adamW = new(byAdamW, options);
        Tensor gradient = randn_like(byMuon.Average);

        foreach ((ParameterVector parameters, Optimizer optimizer) in new (ParameterVector, Optimizer)[] { (byMuon, muon), (byAdamW, adamW) })
        {
            (parameters.Values * gradient).sum().backward();
            optimizer.Step(0, 0.01);
        }

        byMuon.Pieces()["a.bias"].eq(byAdamW.Pieces()["a.bias"]).all().item<bool>().ShouldBeTrue();
        Tensor moved = (initial["a.weight"] * (1 - 0.001)) - byMuon.Pieces()["a.weight"].detach();
        Tensor expected = Muon.Orthogonalize(gradient[..96].view(8, 12)) * (0.01 * 0.2 * Math.Sqrt(12));
        (moved.view(8, 12) - expected).abs().max().item<float>().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void Step_DirectionsOfVeryDifferentSize_LearnsTheSmallOnesToo()
    {
        using DisposeScope scope = NewDisposeScope();

        Remaining(OptimizerAlgorithm.AdamW).ShouldBeGreaterThan(0.95);
        Remaining(OptimizerAlgorithm.Muon).ShouldBeLessThan(0.75);
    }

    // A linear map between data whose variances span four decades, in a turned basis, which no rate per weight can follow. Share of the map's rarest tenth that is not learnt.
    private static double Remaining(OptimizerAlgorithm algorithm)
    {
        random.manual_seed(7);
        (Tensor basis, _) = linalg.qr(randn(32, 32));
        Tensor covariance = basis.mm(diag(logspace(0, -4, 32))).mm(basis.t());
        Tensor target = randn(16, 32);
        using ParameterVector parameters = ParameterVector.Create(new Dictionary<string, Tensor> { ["map.weight"] = zeros(16, 32) }, CPU);
        using Optimizer optimizer = Optimizer.Create(parameters, new() { Algorithm = algorithm, LearningRate = 0.1, WarmupSteps = 1, WeightDecay = 0, Beta1 = 0.9 });
        for (int step = 0; step < 200; step++)
        {
            using DisposeScope inner = NewDisposeScope();
            parameters.Values.grad?.zero_();
            Tensor error = parameters.Pieces()["map.weight"] - target;
            (error.mm(covariance) * error).sum().backward();
            optimizer.Step(step, optimizer.LearningRateAt(step, 200));
        }

        Tensor rare = basis[.., ^3..];
        return ((parameters.Pieces()["map.weight"].detach() - target).mm(rare).norm() / target.mm(rare).norm()).item<float>();
    }
}
