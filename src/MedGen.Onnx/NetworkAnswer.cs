using MedGen.Sdk.Errors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MedGen.Onnx;

/// <summary>What the network said of one frame.</summary>
/// <param name="File">The network's file, for messages.</param>
/// <param name="Tensors">Its outputs by name.</param>
internal sealed record NetworkAnswer(string File, IReadOnlyDictionary<string, NetworkTensor> Tensors)
{
    /// <summary>The error that an output has a shape that the specification does not fit.</summary>
    /// <param name="tensor">The output.</param>
    /// <param name="allowed">The shape that is needed.</param>
    public ModelFormatException Misshapen(string tensor, string allowed) =>
        new(File, $"{File}: the output '{tensor}' has the shape [{string.Join(", ", Tensors[tensor].Shape)}]; allowed: {allowed}.");
}

/// <summary>Numbers and their dimensions.</summary>
/// <param name="Shape">The dimensions.</param>
/// <param name="Values">As many values as the dimensions say, the last dimension fastest.</param>
internal sealed record NetworkTensor(IReadOnlyList<long> Shape, float[] Values)
{
    /// <summary>Copies an output.</summary>
    /// <param name="file">The network's file, for messages.</param>
    /// <param name="name">The output's name.</param>
    /// <param name="value">The output.</param>
    /// <returns>The copy; whole numbers become float32.</returns>
    /// <exception cref="ModelFormatException">It holds neither float32 nor int64.</exception>
    public static NetworkTensor Of(string file, string name, OrtValue value)
    {
        OrtTensorTypeAndShapeInfo type = value.GetTensorTypeAndShape();
        float[] values = type.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Int64 => [.. value.GetTensorDataAsSpan<long>().ToArray().Select(number => (float)number)],
            var other => throw new ModelFormatException(file, $"{file}: the output '{name}' holds {other}; allowed: Float (float32), Int64."),
        };
        return new NetworkTensor(type.Shape, values);
    }
}
