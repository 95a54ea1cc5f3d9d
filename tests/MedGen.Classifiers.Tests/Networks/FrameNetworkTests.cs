using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Tests.Networks;

[Collection("torch")] // torch counts tensors for the whole process
public sealed class FrameNetworkTests
{
    private static readonly long[] FreedSizes = [100, 1000, 5000, 10_000, 40_000, 86_016, 143_360, 172_032, 344_064, 688_128, 1_000_000];

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(28)]
    public void Forward_FreedMemoryFullOfNaN_GivesFiniteLogits(int views)
    {
        // The convolutions of libtorch read past 24 channels; what was freed before decided whether NaN came out.
        using var generator = new Generator(1);
        using FrameNetwork network = FrameNetwork.Create(7, generator);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            using var scope = NewDisposeScope();
            Tensor input = rand([views, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide], generator: generator);
            FreeNaN();
            network.Forward(input).isfinite().all().item<bool>().ShouldBeTrue();
        }
    }

    private static void FreeNaN()
    {
        using var scope = NewDisposeScope();
        foreach (long size in FreedSizes)
        {
            for (int i = 0; i < 12; i++)
            {
                full([size], float.NaN);
            }
        }
    }
}
