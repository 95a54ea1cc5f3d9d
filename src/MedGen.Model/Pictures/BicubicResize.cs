using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Pictures;

/// <summary>
/// PyTorch's bicubic interpolation (a = −0.75, half-pixel centres, edges repeated, no antialias), which Wan's image to video with 36 channels takes
/// for its pictures. What overshoots [−1, 1] is kept.
/// </summary>
internal static class BicubicResize
{
    /// <summary>Stretches pictures.</summary>
    /// <param name="pictures">[B, 3, H, W], float32.</param>
    /// <param name="height">New height in px.</param>
    /// <param name="width">New width in px.</param>
    /// <returns>[B, 3, height, width] in the current dispose scope.</returns>
    public static Tensor Apply(Tensor pictures, int height, int width) => functional.interpolate(
        pictures, size: [height, width], mode: InterpolationMode.Bicubic, align_corners: false);
}
