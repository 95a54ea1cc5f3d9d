using MedGen.Classifiers.Networks;
using MedGen.Training.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.Tests;

[Collection("torch")] // torch counts tensors and draws random numbers for the whole process
public sealed class FrameNetworkLoopTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Run_LossThatIsNoNumber_StopsAtThatStepAndSaysWhich(double bad)
    {
        List<int> done = [];

        TrainingDivergedException error = Should.Throw<TrainingDivergedException>(() => Loop().Run(
            (network, step) => Loss(network) * (step == 2 ? bad : 1), (step, _) => done.Add(step), TestContext.Current.CancellationToken));

        error.Step.ShouldBe(3);
        error.Message.ShouldStartWith("test: at step 3");
        done.ShouldBe([0, 1]);
    }

    private static FrameNetworkLoop Loop() => new("test", classes: 2, seed: 1, steps: 4, learningRate: 1e-3);

    private static Tensor Loss(FrameNetwork network) =>
        nn.functional.cross_entropy(network.Forward(ones(2, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide)), tensor(new long[] { 0, 1 }));
}
