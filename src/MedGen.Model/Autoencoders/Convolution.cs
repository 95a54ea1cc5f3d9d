using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Autoencoders;

/// <summary>Convolution over time and space that gives each clip of a batch what it gives that clip alone.</summary>
internal static class Convolution
{
    /// <summary>
    /// As <c>conv3d</c>. On a CPU the clips of a batch go one by one: libtorch 2.10's oneDNN kernels give wrong sums for two clips or more at some numbers of
    /// channels (float32, 24 or 40 channels in, 3×3 in space, seen on an AVX-512 machine), and a batch gains nothing there.
    /// </summary>
    /// <param name="x">[B, C, T, H, W].</param>
    /// <param name="weight">[C', C, t, h, w].</param>
    /// <param name="bias">[C']; null: none.</param>
    /// <param name="strides">Strides in time, height and width; null: 1.</param>
    /// <param name="padding">Zeros on both sides in time, height and width; null: none.</param>
    /// <returns>[B, C', T', H', W'].</returns>
    public static Tensor Conv3d(Tensor x, Tensor weight, Tensor? bias, long[]? strides = null, long[]? padding = null)
    {
        if (x.size(0) == 1 || x.device_type != DeviceType.CPU)
        {
            return F.conv3d(x, weight, bias, strides, padding);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor[] clips = [.. x.split(1, 0).Select(clip => F.conv3d(clip, weight, bias, strides, padding))];
        return cat(clips, 0).MoveToOuterDisposeScope();
    }
}
