using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// The convolution of all layers. libtorch 2.10 on a CPU computes 3-D convolutions in blocks of 16 channels and leaves the rest of the last block uninitialised:
/// with more than 16 inputs that do not fill their blocks the result is wrong, and the gradient of the input is wrong wherever the outputs do not (the three
/// colours of every decoder among them). Such channels are filled up with zeros here, which changes nothing else.
/// </summary>
internal static class VideoConvolution
{
    private const long Block = 16;

    /// <summary>Convolves.</summary>
    /// <param name="x">[B, C, T, H, W].</param>
    /// <param name="weight">[C', C, t, h, w].</param>
    /// <param name="bias">[C'].</param>
    /// <param name="padding">Zeros at both ends of time, height and width; null: none.</param>
    /// <param name="strides">Steps in time, height and width; null: 1.</param>
    /// <returns>[B, C', T', H', W'], in the current dispose scope.</returns>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor bias, long[]? padding = null, long[]? strides = null)
    {
        if (x.device_type != DeviceType.CPU)
        {
            return F.conv3d(x, weight, bias, padding: padding, strides: strides);
        }

        (long outputs, long inputs) = (weight.size(0), weight.size(1));
        long spareInputs = inputs > Block ? Spare(inputs) : 0;
        long spareOutputs = weight.requires_grad && is_grad_enabled() ? Spare(outputs) : 0;
        if (spareInputs + spareOutputs == 0)
        {
            return F.conv3d(x, weight, bias, padding: padding, strides: strides);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor filled = F.pad(weight, [0, 0, 0, 0, 0, 0, 0, spareInputs, 0, spareOutputs]);
        Tensor result = F.conv3d(Fill(x, spareInputs), filled, F.pad(bias, [0, spareOutputs]), padding: padding, strides: strides);
        return result.narrow(1, 0, outputs).MoveToOuterDisposeScope();
    }

    private static long Spare(long channels) => (Block - (channels % Block)) % Block;

    private static Tensor Fill(Tensor x, long channels) => channels == 0 ? x : F.pad(x, [0, 0, 0, 0, 0, 0, 0, channels]);
}
