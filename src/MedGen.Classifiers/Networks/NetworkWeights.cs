using MedGen.Sdk.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Networks;

/// <summary>Takes a network's weights out of a file, with every way in which they can be wrong named.</summary>
internal static class NetworkWeights
{
    public static Dictionary<string, Parameter> Copy(
        string fileName, IEnumerable<(string Name, long[] Shape)> shapes, Func<string, Tensor?> source, Device device)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var scope = NewDisposeScope();
        var weights = new Dictionary<string, Parameter>();
        foreach ((string name, long[] shape) in shapes)
        {
            Tensor value = source(name) ?? throw new ModelFormatException(fileName, $"{fileName}: tensor '{name}' is missing.");
            if (!value.shape.SequenceEqual(shape))
            {
                throw new ModelFormatException(
                    fileName, $"{fileName}: tensor '{name}' has shape [{string.Join(", ", value.shape)}], expected [{string.Join(", ", shape)}].");
            }

            Tensor copy = value.to(ScalarType.Float32).to(device).clone();
            if (!isfinite(copy).all().item<bool>())
            {
                throw new ModelFormatException(fileName, $"{fileName}: tensor '{name}' holds values that are not finite.");
            }

            weights.Add(name, new Parameter(copy.DetachFromDisposeScope(), requires_grad: false));
        }

        return weights;
    }
}
