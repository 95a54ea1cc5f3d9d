using static TorchSharp.torch;

namespace MedGen.Model.Guidance;

/// <summary>
/// The scale of CFG-Zero* (Fan et al. 2025, arXiv 2503.18886): the unconditional prediction times ⟨c, u⟩ / ‖u‖², its share that points along the
/// conditional one. The paper's zero velocity in the first steps is not taken over: with few steps they are too much of the run.
/// </summary>
internal static class ZeroStarGuidance
{
    /// <summary>Scales the unconditional prediction, each clip by itself.</summary>
    /// <param name="conditional">[B, C, F, H, W].</param>
    /// <param name="unconditional">Same shape.</param>
    /// <returns>The scaled unconditional prediction, in the current dispose scope.</returns>
    public static Tensor Scale(Tensor conditional, Tensor unconditional)
    {
        using var scope = NewDisposeScope();
        long[] others = [.. Enumerable.Range(1, (int)conditional.dim() - 1).Select(dimension => (long)dimension)];
        Tensor product = (conditional * unconditional).sum(others, keepdim: true); // [B, 1, 1, 1, 1]
        Tensor square = unconditional.square().sum(others, keepdim: true); // [B, 1, 1, 1, 1]
        return (unconditional * (product / (square + 1e-8))).MoveToOuterDisposeScope();
    }
}
