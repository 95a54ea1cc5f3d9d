using MedGen.Evaluation.Generation;
using Shouldly;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Tests.Generation;

public sealed class MemorisationTests
{
    [Fact]
    public void Memorisation_OfCopies_IsCloserThanWhatWasHeldOut()
    {
        using Tensor training = tensor([0.0, 10, 20, 30], [4, 1]);
        using Tensor heldOut = tensor([1.0, 12, 23, 34], [4, 1]);

        MemorisationQuality copies = MemorisationQuality.Of("line", training, heldOut, training);
        MemorisationQuality others = MemorisationQuality.Of("line", heldOut, heldOut, training);

        (copies.Generated, copies.CloserShare).ShouldBe((0.0, 1.0));
        (others.Generated, others.HeldOut, others.CloserShare).ShouldBe((3.0, 3.0, 0.0));
    }
}
