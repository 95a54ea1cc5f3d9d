using static TorchSharp.torch;

namespace MedGen.Torch.Operations;

/// <summary>
/// The convolution of all networks. The CPU kernels of libtorch 2.10 (oneDNN, AVX-512) work on blocks of 16 channels and read past a last block that
/// is not full: sums and gradients come out wrong, or as NaN when what lies there is none. A float64 comparison over many shapes
/// (<c>ConvolutionTests</c>) found these limits: more than 16 inputs must fill their blocks; for the gradient of the input the outputs must, too, and
/// with a stride the inputs must fill blocks of 32. Zero channels fill up what is missing here, which changes nothing else.
/// </summary>
public static class Convolution
{
    private const long Block = 16;
    private const long StridedBlock = 32;

    // libtorch (ConvParams::use_mkldnn) takes oneDNN for one float32 clip only above this product of its first four sizes; below it stands a kernel
    // that is many times slower, or NNPACK, which warns on standard error where it cannot run. Two clips always go to oneDNN.
    private const long FewestForOneDnn = 20_480;

    /// <summary>Convolves over two or three dimensions, by the rank of the weights.</summary>
    /// <param name="x">[B, C, …].</param>
    /// <param name="weight">[C', C, …], one size per dimension.</param>
    /// <param name="bias">[C']; null: none.</param>
    /// <param name="strides">Steps per dimension; null: 1.</param>
    /// <param name="padding">Zeros at both ends of each dimension; null: none.</param>
    /// <returns>[B, C', …], in the current dispose scope.</returns>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (CpuKernels.Current.Emulates(x.dtype, x.device_type))
        {
            using var wideScope = NewDisposeScope();
            return Forward(x.to_type(ScalarType.Float32), weight.to_type(ScalarType.Float32), bias?.to_type(ScalarType.Float32), strides, padding)
                .to_type(x.dtype).MoveToOuterDisposeScope();
        }

        (long outputs, long inputs) = (weight.size(0), weight.size(1));
        (long spareInputs, long spareOutputs) = x.device_type == TorchSharp.DeviceType.CPU ? Spare(x, weight, strides) : (0, 0);
        bool doubled = IsTooSmallForOneDnn(x, spareInputs);
        if (spareInputs + spareOutputs == 0 && !doubled)
        {
            return Plain(x, weight, bias, strides, padding);
        }

        using var scope = NewDisposeScope();
        Tensor filled = weight;
        if (spareInputs > 0)
        {
            x = cat([x, Zeros(x, 1, spareInputs)], 1);
            filled = cat([filled, Zeros(filled, 1, spareInputs)], 1);
        }

        if (spareOutputs > 0)
        {
            filled = cat([filled, Zeros(filled, 0, spareOutputs)], 0);
            bias = bias is null ? null : cat([bias, Zeros(bias, 0, spareOutputs)], 0);
        }

        Tensor result = Plain(doubled ? cat([x, x], 0) : x, filled, bias, strides, padding);
        result = doubled ? result.narrow(0, 0, 1) : result;
        return (spareOutputs > 0 ? result.narrow(1, 0, outputs) : result).MoveToOuterDisposeScope();
    }

    private static (long Inputs, long Outputs) Spare(Tensor x, Tensor weight, long[]? strides)
    {
        (long outputs, long inputs) = (weight.size(0), weight.size(1));
        bool inputGradient = x.requires_grad && is_grad_enabled();
        long block = inputGradient && strides is not null && strides.Any(s => s > 1) ? StridedBlock : Block;
        return (inputs > Block ? Missing(inputs, block) : 0, inputGradient ? Missing(outputs, Block) : 0);
    }

    private static bool IsTooSmallForOneDnn(Tensor x, long spareInputs) =>
        x.device_type == TorchSharp.DeviceType.CPU && x.dtype == ScalarType.Float32 && x.size(0) == 1 && (
            x.size(1) + spareInputs) * x.size(2) * x.size(3) <= FewestForOneDnn;

    private static long Missing(long channels, long block) => (block - (channels % block)) % block;

    private static Tensor Zeros(Tensor like, int dimension, long channels)
    {
        long[] shape = like.shape;
        shape[dimension] = channels;
        return zeros(shape, like.dtype, like.device);
    }

    private static Tensor Plain(Tensor x, Tensor weight, Tensor? bias, long[]? strides, long[]? padding) => weight.dim() == 5
        ? nn.functional.conv3d(x, weight, bias, strides, padding)
        : nn.functional.conv2d(x, weight, bias, strides, padding);
}
