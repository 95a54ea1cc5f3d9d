using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;

namespace MedGen.Model.Tests.Goldens;

/// <summary>Weights of a fixture, read by their original names.</summary>
internal static class GoldenWeights
{
    public static WeightReader Open(Func<IReadOnlyList<string>, IReadOnlyDictionary<string, string>> toOriginal, params string[] parts)
    {
        GoldenTensors tensors = new(parts);
        Dictionary<string, string> stored = toOriginal([.. tensors.Names]).ToDictionary(pair => pair.Value, pair => pair.Key);
        return (name, shape) =>
        {
            TorchSharp.torch.Tensor tensor = stored.TryGetValue(name, out string? key)
                ? tensors[key]
                : throw new ModelFormatException(parts[^1], $"'{name}' is missing.");
            return tensor.shape.SequenceEqual(shape)
                ? tensor
                : throw new ModelFormatException(parts[^1], $"'{name}' has the shape [{string.Join(", ", tensor.shape)}].");
        };
    }

    public static Dictionary<string, IReadOnlyList<long>> Shapes(params string[] parts)
    {
        GoldenTensors tensors = new(parts);
        return tensors.Names.ToDictionary(name => name, name => (IReadOnlyList<long>)[.. tensors[name].shape]);
    }
}
