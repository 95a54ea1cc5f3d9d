using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Tests.Networks;

[Collection("torch")] // torch counts tensors for the whole process
public sealed class LinearDiscriminantTests
{
    [Fact]
    public void Score_TwoClasses_GivesDistancesAndProbabilitiesOfTheirNormalDistributions()
    {
        using var scope = NewDisposeScope();
        using LinearDiscriminant discriminant = new(tensor(new float[,] { { 0, 0 }, { 2, 0 } }), tensor(new float[,] { { 1, 0 }, { 0, 4 } }));

        (Tensor logs, Tensor distances) = discriminant.Score(tensor(new float[,] { { 0, 1 }, { 1, 0 } }));

        distances.data<float>().ToArray().ShouldBe([4, 8, 1, 1], 1e-5); // (x - m)' P (x - m)
        logs.exp().data<float>().ToArray().ShouldBe([(float)(1 / (1 + Math.Exp(-2))), (float)(1 / (1 + Math.Exp(2))), 0.5f, 0.5f], 1e-5);
    }
}
