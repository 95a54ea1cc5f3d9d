using static TorchSharp.torch;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// Squares of pixels as channels, which is what Wan 2.2's autoencoder works on: channel c · p² + column · p + row, the column being the slow index
/// (patchify of wan/modules/vae2_2.py).
/// </summary>
internal static class PixelFolding
{
    /// <summary>Folds p × p pixels into channels.</summary>
    /// <param name="video">[B, C, T, H, W].</param>
    /// <param name="side">p; with 1 nothing is changed.</param>
    /// <returns>[B, C · p², T, H/p, W/p]; a new tensor in the current dispose scope.</returns>
    public static Tensor Fold(Tensor video, long side)
    {
        if (side == 1)
        {
            return video.alias();
        }

        using var scope = NewDisposeScope();
        (long batch, long channels, long frames) = (video.size(0), video.size(1), video.size(2));
        (long height, long width) = (video.size(3), video.size(4));
        return video.reshape(batch, channels, frames, height / side, side, width / side, side).permute(0, 1, 6, 4, 2, 3, 5)
            .reshape(batch, channels * side * side, frames, height / side, width / side).MoveToOuterDisposeScope();
    }

    /// <summary>Unfolds channels into p × p pixels.</summary>
    /// <param name="folded">[B, C · p², T, H, W].</param>
    /// <param name="side">p; with 1 nothing is changed.</param>
    /// <returns>[B, C, T, p · H, p · W]; a new tensor in the current dispose scope.</returns>
    public static Tensor Unfold(Tensor folded, long side)
    {
        if (side == 1)
        {
            return folded.alias();
        }

        using var scope = NewDisposeScope();
        (long batch, long frames, long height, long width) = (folded.size(0), folded.size(2), folded.size(3), folded.size(4));
        long channels = folded.size(1) / (side * side);
        return folded.reshape(batch, channels, side, side, frames, height, width).permute(0, 1, 4, 5, 3, 6, 2)
            .reshape(batch, channels, frames, height * side, width * side).MoveToOuterDisposeScope();
    }
}
