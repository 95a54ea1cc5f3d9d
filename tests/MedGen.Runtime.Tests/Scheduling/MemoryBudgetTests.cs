using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Sizing;
using MedGen.Model.Transformers;
using MedGen.Runtime.Scheduling;
using static TorchSharp.torch;

namespace MedGen.Runtime.Tests.Scheduling;

public sealed class MemoryBudgetTests
{
    private const long Weights = 3_000_000_000;
    private static readonly GenerationCost Clip = GenerationCost.Of(
        WanTransformerConfig.T2V1Point3B, WanAutoencoderConfig.Wan21, Weights, new ClipSize(480, 256, 17), ScalarType.BFloat16);

    [Fact]
    public void ThrowIfNeverFits_OfAClipThatIsTooLarge_NamesAllNumbers()
    {
        long needed = Weights + Clip.ActivationBytes + Clip.SessionBytes;

        ResourceExhaustedException error = Should.Throw<ResourceExhaustedException>(() => new MemoryBudget(needed - 1, Weights).ThrowIfNeverFits(Clip));

        error.RetryAfter.ShouldBeNull();
        foreach (long number in new[] { needed, Weights, Clip.ActivationBytes, Clip.SessionBytes, needed - 1 })
        {
            error.Message.ShouldContain($"{number}");
        }

        new MemoryBudget(needed, Weights).ThrowIfNeverFits(Clip);
    }

    [Fact]
    public void TryOpen_UntilItIsFull_CountsSessionsEachAndIntermediateResultsOnce()
    {
        MemoryBudget budget = new(Weights + Clip.ActivationBytes + (3 * Clip.SessionBytes), Weights);

        Enumerable.Range(0, 4).Select(_ => budget.TryOpen(Clip)).ShouldBe([true, true, true, false]);
        budget.Close(Clip);
        budget.TryOpen(Clip).ShouldBeTrue();
        budget.Close(Clip);
        budget.Extra = 1;
        budget.TryOpen(Clip).ShouldBeFalse();
    }
}
