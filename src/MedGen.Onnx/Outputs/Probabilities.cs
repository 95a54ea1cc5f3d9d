using System.Numerics.Tensors;
using MedGen.Onnx.Spec;

namespace MedGen.Onnx.Outputs;

/// <summary>Makes probabilities of a network's numbers.</summary>
internal static class Probabilities
{
    /// <summary>Applies an activation.</summary>
    /// <param name="activation">Which one.</param>
    /// <param name="numbers">One number a label; overwritten by the probabilities.</param>
    public static void Apply(Activation activation, Span<float> numbers)
    {
        switch (activation)
        {
            case Activation.Softmax:
                TensorPrimitives.SoftMax(numbers, numbers);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(numbers, numbers);
                break;
            default:
                break;
        }
    }
}
